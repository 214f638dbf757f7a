import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildProgram } from '../../testing/build-once.ts'
import { makeDebian, mayMount, openDebianRoot } from '../../testing/debian-root.ts'
import { eventually } from '../../testing/office-by-http.ts'
import { freePort } from '../../testing/servers.ts'

/*
 * The attached screen as install.sh sets it up, in Debian 12 and in 13: the unit's own command, as its user, on a screen
 * that is not there (wlroots without hardware). What it paints is looked at elsewhere.
 */

const root = join(import.meta.dirname, '..', '..')

beforeAll(() => {
  if (mayMount) buildProgram(root)
}, 600_000)

/** The Debian of this machine is 12 wherever these tests run; 13 is made. */
describe.runIf(mayMount).each(['this Debian', 'trixie'] as const)('--screen display in %s', (debian) => {
  let made: ReturnType<typeof makeDebian> | null = null
  let inside: ReturnType<typeof openDebianRoot>
  let screen: ChildProcess | null = null
  beforeAll(() => {
    made = debian === 'trixie' ? makeDebian(debian) : null
    inside = openDebianRoot(made ? { lower: made.folder } : {})
    // What a card brings along, and a root that was just made does not.
    if (made) inside.run(['apt-get', 'update', '-qq'])
  }, 300_000)
  afterAll(() => {
    screen?.kill('SIGKILL')
    inside?.remove()
    made?.remove()
  })

  test('R4: the unit’s command starts, shows its page and stays', async () => {
    const installed = inside.run([join(root, 'dist', 'install.sh'), '--screen', 'display'])
    expect(installed).toMatchObject({ status: 0 })
    const devtools = await freePort()
    // A test’s root has no name spaces to give to Chromium’s own sandbox; Debian’s chromium reads its flags here.
    const flags = `export CHROMIUM_FLAGS="$CHROMIUM_FLAGS --no-sandbox --remote-debugging-port=${devtools}"\n`
    inside.run(['sh', '-c', 'cat >/etc/chromium.d/test'], [], flags)
    for (const folder of ['/run/balai-screen', '/var/lib/balai-screen', '/run/balai-screen-session'])
      inside.run(['install', '-d', '-o', 'balai-screen', '-g', 'balai-screen', '-m', '0700', folder])
    const unit = inside.run(['cat', '/usr/lib/systemd/system/balai-screen.service']).stdout
    const command = /^ExecStart=(.+)$/m.exec(unit)?.[1]?.split(' ') ?? []
    const user = ['setpriv', '--reuid=balai-screen', '--regid=balai-screen', '--init-groups']
    screen = inside.start(
      [...user, ...command],
      [
        ...inside.run(['cat', '/etc/balai/screen']).stdout.trim().split('\n'),
        ...['XDG_RUNTIME_DIR=/run/balai-screen-session', 'RUNTIME_DIRECTORY=/run/balai-screen'],
        ...['STATE_DIRECTORY=/var/lib/balai-screen', 'HOME=/var/lib/balai-screen'],
        ...['WLR_BACKENDS=headless', 'WLR_RENDERER=pixman', 'WLR_LIBINPUT_NO_DEVICES=1'],
      ],
    )
    let said = ''
    screen.stderr?.on('data', (part: Buffer) => {
      said += part
    })
    const ended = once(screen, 'exit').then(([code]) => Promise.reject(new Error(`It ended with ${code}: ${said}`)))
    const shown = eventually('the page is shown', async () => {
      const answer = await fetch(`http://127.0.0.1:${devtools}/json/list`)
      const pages = (await answer.json()) as { title: string; type: string }[]
      return pages.find(({ type, title }) => type === 'page' && title === 'Balai')
    })
    await Promise.race([shown, ended])
    expect(screen.exitCode, said).toBeNull()
  }, 300_000)
})
