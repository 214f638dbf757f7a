import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commands } from '../../appliance/cli/commands.ts'
import { actionsOf } from '../../appliance/cli/usage.ts'
import { buildProgram } from '../../testing/build-once.ts'
import { mayMount, openDebianRoot } from '../../testing/debian-root.ts'
import { eventually, openCaller, setUpByHttp } from '../../testing/office-by-http.ts'
import { startPostgres } from '../../testing/servers.ts'

/*
 * A sentence that one part prints is typed by a person into another. Each `balai …` that README, docs, pages, sheets and the
 * program’s own sentences name is typed here as it stands there, with the installed package, as the user who would and in
 * the state that it is printed for. A new one has to be added: the first test finds it.
 */

const root = join(import.meta.dirname, '..', '..')
const village = '3510242008'
// The longest first: `hub-account` begins like `hub`.
const words = Object.keys(commands).sort((a, b) => b.length - a.length)
const actions: Record<string, string[]> = {}
for (const [name, load] of Object.entries(commands)) actions[name] = actionsOf(name, await load())
/** What another test starts from the same package (whole-program.image.test.ts), or a unit of the machine. */
const startedElsewhere = [
  'serve',
  'hub',
  'demo',
  'hub-account',
  'fleet',
  'flows',
  'update',
  'update apply',
  'completion',
]
// `network` alone is the name of a command in a sentence.
const typed = new Set<string>([...startedElsewhere, 'network'])

const headOf = (command: string, action: string | undefined): string =>
  action && actions[command]?.includes(action) ? `${command} ${action}` : command

function printedCommands(): string[] {
  const files = [
    '{README,docs/*}.md',
    'appliance/base/messages/*.json',
    '{appliance,regency,provisioning}/**/*.{ts,tsx}',
    'provisioning/install.sh',
    'provisioning/debian/usr/**/balai*',
  ]
  const texts = globSync(files, { cwd: root })
    .filter((path) => !/\.test\.|node_modules/.test(path) && statSync(join(root, path)).isFile())
    .map((path) => readFileSync(join(root, path), 'utf8'))
  const pattern = new RegExp(`\\bbalai (${words.join('|')})(?: ([a-z-]+))?`, 'g')
  return [...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, one = '', two]) => headOf(one, two))))]
}

let inside: ReturnType<typeof openDebianRoot>
let box: ReturnType<ReturnType<typeof openDebianRoot>['start']> | null = null
const url = 'http://127.0.0.1'

beforeAll(() => {
  if (!mayMount) return
  buildProgram(root)
  inside = openDebianRoot()
  const installed = inside.run([join(root, 'dist', 'install.sh')])
  if (installed.status !== 0) throw new Error(installed.stderr)
  inside.run(['install', '-d', '-o', 'balai', '-g', 'balai', '-m', '0700', '/var/lib/balai'])
  // sudo as every Raspberry Pi has it: root, or another user with -u.
  const sudo =
    '#!/bin/sh\nif [ "$1" = -u ]; then u=$2; shift 2; exec setpriv --reset-env --reuid="$u" --regid="$u" --init-groups "$@"; fi\nexec "$@"\n'
  inside.run(
    ['sh', '-c', 'cat >/usr/local/bin/sudo && chmod 755 /usr/local/bin/sudo && mkdir -p /root/regency'],
    [],
    sudo,
  )
}, 600_000)
afterAll(() => {
  box?.kill('SIGKILL')
  inside?.remove()
})

/** Types a line as root or as an ordinary user. */
function type(line: string, { as = 'root', cwd = '/root/regency', input = '' } = {}) {
  const [, one = '', two] = /\bbalai ([a-z-]+)(?: ([a-z-]+))?/.exec(line) ?? []
  typed.add(headOf(one, two))
  const user =
    as === 'root'
      ? []
      : ['setpriv', '--reset-env', `--reuid=${as}`, `--regid=${as === 'nobody' ? 'nogroup' : as}`, '--clear-groups']
  const path = 'PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  const { status, stdout, stderr } = inside.run(
    [...user, 'env', path, 'sh', '-c', `cd ${as === 'root' ? cwd : '/'} && ${line}`],
    [],
    input,
  )
  return { status, said: stdout + stderr }
}

async function startBox(config: string, path: string): Promise<void> {
  await stopBox()
  inside.run(['sh', '-c', 'cat >/etc/balai/balai.toml'], [], config)
  box = inside.start([
    'sh',
    '-c',
    'exec setpriv --reset-env --reuid=balai --regid=balai --init-groups --inh-caps +net_bind_service --ambient-caps +net_bind_service balai serve --config /etc/balai/balai.toml',
  ])
  let log = ''
  for (const stream of [box.stdout, box.stderr]) stream?.on('data', (text) => (log += text))
  await eventually(`${path} of the box; it says ${log}`, async () => {
    if (box?.exitCode !== null) throw new Error(log)
    return (await fetch(url + path)).ok
  })
}

async function stopBox(): Promise<void> {
  const running = box
  box = null
  if (!running) return
  running.kill('SIGTERM')
  await eventually('the end of the box', async () => running.exitCode !== null || running.signalCode !== null)
}

const office = `village = "${village}"\nname = "Desa Tamansari"\ndistrict = "Licin"\nzone = "WIB"\ndata = "/var/lib/balai"\nlog = "error"\n`

describe.runIf(mayMount)('with the installed package', () => {
  test('on a box that waits for its enrolment file', async () => {
    await startBox(
      'data = "/var/lib/balai"\nenrolment_folders = ["/var/lib/balai/inbox"]\nlog = "error"\n',
      '/api/waiting',
    )
    const shown = type('sudo balai setup-code')
    expect(shown).toEqual({ status: 0, said: expect.stringMatching(/^\d{5} \d{5}\n$/) })
    expect(type('sudo balai setup-code --new')).toEqual(shown)
    expect(type('sudo balai doctor').said).toMatch(/^Perangkat Balai ini belum tahu desanya\n/)
    const nobody = type('balai doctor', { as: 'nobody' })
    expect(nobody).toEqual({
      status: 1,
      said: expect.stringMatching(/^Pengguna ini tidak boleh .* Ketik: sudo balai doctor\n/),
    })
    expect(nobody.said).not.toMatch(/program tidak berjalan|belum diatur/)
    expect(type('sudo balai backup')).toEqual({
      status: 78,
      said: expect.stringContaining('bring the box its enrolment file'),
    })
    expect(type('sudo balai forget')).toEqual({
      status: 1,
      said: expect.stringContaining('there is nothing to forget'),
    })
    await stopBox()
    inside.run(['sh', '-c', 'rm -rf /var/lib/balai/*'])
  }, 120_000)

  test('on a box that runs', async () => {
    await startBox(office, '/kiosk')
    const owner = (path: string) => inside.run(['sh', '-c', `stat -c %U ${path}`]).stdout.trim()
    await setUpByHttp(url, type('sudo balai setup-code').said)
    expect(type('sudo balai setup-code')).toEqual({
      status: 1,
      said: expect.stringContaining('sudo balai setup-code --new'),
    })
    // The last technician was lost: the code that root makes is the box's to read.
    const again = type('sudo balai setup-code --new')
    expect(again).toEqual({ status: 0, said: expect.stringMatching(/^\d{5} \d{5}\n$/) })
    expect(owner('/var/lib/balai/setup-code')).toBe('balai')
    const lost = { code: again.said.replaceAll(/\s/g, ''), name: 'Teknisi dua', pin: '914703' }
    expect((await openCaller(url).send('POST', '/api/setup', lost)).status).toBe(200)

    for (const doctor of [type('sudo balai doctor'), type('balai doctor', { as: 'nobody' })])
      expect(doctor.said).toMatch(/^Desa Tamansari \(3510242008\)\n[\s\S]*^\+ Perangkat Balai: menyala /m)
    expect(type('sudo balai backup')).toEqual({
      status: 0,
      said: expect.stringMatching(/entries, \d+ kB, checked\.\n$/),
    })
    expect(owner('/var/lib/balai/backups/*')).toBe('balai')
    // This box has no regency.
    expect(type('sudo balai export')).toEqual({
      status: 1,
      said: expect.stringContaining('it is not enrolled'),
    })
    expect(type('sudo balai verify')).toEqual({ status: 0, said: expect.stringContaining('all sound') })
    expect(type('sudo balai rebuild')).toEqual({ status: 0, said: expect.stringContaining('the state is the same') })
    expect(type('sudo balai openings --from 2026-11-01 --to 2026-11-30 > dibuka.csv')).toEqual({
      status: 0,
      said: expect.stringContaining('openings.'),
    })
    expect(type('sudo balai restore').said).toMatch(/^\/var\/lib\/balai\/backups\/balai-3510242008-.* entries/)
    expect(type('sudo balai network apply').status).toBe(0)
    // Nothing went wrong here that it would have kept.
    expect(type('sudo balai logs --kept').status).toBe(0)
    const line = JSON.stringify({ level: 40, time: Date.UTC(2026, 10, 30), msg: 'no connection to the broker' })
    expect(type('sudo balai logs -', { input: `${line}\n` })).toEqual({
      status: 0,
      said: expect.stringMatching(/^2026-11-30 07:00:00 WARN +no connection to the broker\n$/),
    })
    expect(type('balai completion bash')).toEqual({ status: 0, said: expect.stringContaining('complete') })
    expect(type('balai completion man').status).toBe(0)
    expect(type('sudo balai forget --without-backup', { input: 'Tamansari\n' })).toEqual({
      status: 78,
      said: expect.stringContaining('Stop it first'),
    })
    await stopBox()
  }, 120_000)

  test('on a box that was stopped', async () => {
    const [file = ''] = type('sudo balai restore').said.split(' ')
    expect(type(`sudo balai restore ${file}`)).toEqual({ status: 0, said: expect.stringContaining('is in place') })
    // One that lies where only root may look.
    inside.run(['sh', '-c', `mkdir -m 700 /root/kept && cp '${file}' /root/kept/ && chmod 600 /root/kept/*`])
    expect(type(`sudo balai restore /root/kept/${file.split('/').at(-1)}`)).toEqual({
      status: 0,
      said: expect.stringContaining('is in place'),
    })
    expect(inside.run(['sh', '-c', 'ls /var/lib/balai']).stdout).not.toContain('handed-over')
    await startBox(office, '/kiosk')
    await stopBox()
    expect(type('sudo balai restore --from-regency')).toEqual({
      status: 1,
      said: expect.stringContaining('Bring it its enrolment file'),
    })
    expect(type('sudo balai backup --show-recovery')).toEqual({
      status: 0,
      said: expect.stringMatching(/(\s*\d+ [a-z]+){24}\s*$/),
    })
    expect(type('sudo balai backup --new-recovery').status).toBe(0)
    expect(type('sudo balai forget --without-backup', { input: 'Tamansari\n' }).status).toBe(0)
    expect(inside.run(['ls', '/var/lib/balai']).stdout).toBe('')
  }, 120_000)

  test('on the machine of the fleet folder, docs/deployment.md’s own lines first', () => {
    const page = readFileSync(join(root, 'docs', 'deployment.md'), 'utf8')
    const block = /```sh\n# fleet machine\n(balai fleet init [\s\S]*?)```/.exec(page)?.[1] ?? ''
    const csv = /```csv\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
    inside.run(['sh', '-c', 'cat >/root/regency/villages.csv'], [], csv)
    const lines = block.replaceAll('\\\n', ' ').trim().split('\n')
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) expect(type(line)).toMatchObject({ status: 0 })
    inside.run(['sh', '-c', 'cat >/root/regency/phrase'], [], 'kuda lumping besar sekali\n')
    const fleet: [string, number, string | RegExp][] = [
      ['balai fleet status', 0, village],
      [`balai fleet status ${village}`, 0, 'holds no certificate'],
      ['balai fleet list --due 60', 1, /file +3510242008/],
      ['balai fleet certificates villages.csv', 0, '2 made in fleet/boxes'],
      [`balai fleet status 35.10.24.2008`, 0, /^[0-9a-f]+ +made /m],
      ['balai fleet issue villages.csv --again --with-certificate --pass-phrase-file phrase', 0, '2 made'],
      [`balai fleet reissue ${village}`, 0, `swap-${village}.pdf`],
      [
        `balai fleet recovery ${village} --words-file fleet/recovery/${village}.key`,
        0,
        `recovery-${village}.pdf: the words that open`,
      ],
      [
        `balai fleet move ${village} 35.10.15.2004 villages.csv`,
        0,
        'balai-enrol-3510152004.json is made, for the box of 3510242008',
      ],
      [`balai fleet revoke ${village}`, 0, 'taken back'],
      [`printf '${village}\\nwipe\\n' | balai fleet wipe ${village} --box ${'b'.repeat(22)}`, 0, 'is the order'],
      ['balai fleet rotate', 0, 'are new'],
      ['balai fleet deliver --dry-run', 0, 'broker'],
      ['balai fleet share', 1, 'names no hub_config'],
      ['balai fleet broker nats', 0, 'tls'],
      ['balai fleet broker rabbitmq', 0, 'mqtt.listeners.ssl'],
      ['balai fleet broker rabbitmq-definitions', 0, 'topic_permissions'],
      ['balai fleet broker emqx', 0, 'listeners'],
    ]
    for (const [line, status, says] of fleet)
      expect([line, type(line)]).toEqual([
        line,
        { status, said: typeof says === 'string' ? expect.stringContaining(says) : expect.stringMatching(says) },
      ])
  }, 240_000)

  test('on the hub’s machine', async () => {
    const postgres = await startPostgres({ settings: { fsync: 'off' } })
    try {
      inside.run(
        [
          'sh',
          '-c',
          'cp /root/regency/villages.csv /etc/balai/ && cat >/etc/balai/hub.toml && chmod 640 /etc/balai/* && chgrp balai /etc/balai/*',
        ],
        [],
        `name = "Kabupaten Banyuwangi"\ndata = "/var/lib/balai"\nvillages = "villages.csv"\n[mqtt]\nurl = "mqtt://127.0.0.1:9"\n[postgres]\nurl = "${postgres.url}"\n`,
      )
      inside.run(
        ['sh', '-c', 'chmod 700 /root && cat >/root/services.csv && chmod 600 /root/services.csv'],
        [],
        'code,name,requires,minutes\nktp,KTP-el,KK,10\n',
      )
      const lines: [string, number, string | RegExp, string?][] = [
        ['sudo balai hub-account add "Rina"', 0, 'Rina', '605138\n605138\n'],
        ['sudo balai hub-account add "Dewi" --role reader', 0, 'Dewi may log in to the console as reader', '605138\n'],
        ['sudo balai hub-account role Dewi --role administrator', 0, 'Dewi is administrator now'],
        ['sudo balai hub-account list', 0, 'Rina  administrator'],
        ['sudo balai hub-account second-factor-off Dewi', 0, 'Dewi has no second factor any more'],
        ['sudo balai hub-account pin Rina', 0, 'Rina', '714625\n714625\n'],
        ['sudo balai hub init /root/regency/fleet', 78, 'is there already, and is not overwritten'],
        ['sudo balai hub share /root/regency/fleet/register.json', 0, 'this hub knows'],
        ['sudo balai hub doctor', 1, '+ Basis data: PostgreSQL'],
        ['sudo balai hub key', 0, /^[\w-]{43}\n/],
        [`sudo balai hub boxes ${village}`, 0, ''],
        [`sudo balai hub owner ${village} ${'b'.repeat(22)}`, 1, village],
        ['sudo balai hub aside', 0, ''],
        ['sudo balai hub villages', 0, '2 villages: 2 new, 0 changed, 0 ended'],
        ['sudo balai hub villages --drop 1', 78, 'no village is missing'],
        [`sudo balai hub replay ${village}`, 1, 'Nothing of'],
        [`sudo balai hub open ${village} --key /root/regency/fleet/sealing.key`, 0, '0 opened.'],
        ['sudo balai hub proposals', 0, 'Nothing waits for an answer.'],
        ['sudo balai hub import /root/stick', 1, 'is not there'],
        [`balai conformance --broker mqtt://127.0.0.1:1 --village ${village}`, 1, 'does not let this in'],
        ['sudo balai hub cases', 0, ''],
        ['sudo balai hub cases disdukcapil photos', 0, ''],
        ['sudo balai hub agency disdukcapil', 0, /^[\w-]{43}\n/],
        ['sudo balai hub agency disdukcapil off', 0, 'opens nothing any more'],
        ['sudo balai hub agency rsud-blambangan notify', 0, /^[\w-]{43}\n/],
        ['balai agency key --out /root/disdukcapil.key', 0, /^age1/],
        ['balai agency signer --key /root/disdukcapil.key', 0, /^[A-Za-z0-9_-]{43}$/m],
        ['balai agency open --key /root/disdukcapil.key --photos /root/photos /root/services.csv', 78, 'is none of'],
        ['balai agency open --key /root/disdukcapil.key /root/services.csv', 78, 'is none of balai hub cases'],
        [
          `sudo balai hub open ${village} --key /root/regency/fleet/sealing.key --type proposals.made`,
          ...([0, '0 opened.'] as const),
        ],
        // A file of the person who types it, in a home that nobody else may look into.
        ['sudo balai hub publish services /root/services.csv', 1, 'publish with --yes'],
        ['sudo balai hub publish services /root/services.csv --stage 1 --yes', 0, 'goes to 1 of 2 villages'],
        ['sudo balai hub publish services --stage all', 0, 'services version 1 goes to 2 of 2 villages'],
        ['sudo balai hub publish services /root', 1, 'A folder was named where a file is wanted'],
        ['sudo balai hub publish services /root/absent.csv', 1, 'is not there'],
        ['sudo balai hub datasets', 0, 'services     version 1'],
        ['sudo balai hub release', 0, 'No system was ever published.'],
        ['sudo balai hub take-back services', 1, 'no version of services to go back to'],
        ['sudo balai hub command check --to all --expires 7d', 0, 'check is sent to 2 villages'],
        ['sudo balai hub command set --setting earlyMinutes --value 900', 1, '0 to 240'],
        ['sudo balai hub command move-broker mqtts://127.0.0.1:9', 0, 'move-broker is sent to 2 villages'],
        [`sudo balai hub command wipe --order /root/regency/fleet/wipe-${village}-*.json`, 0, 'The order is sent to'],
        [
          `sudo balai hub command answer --to ${village} --proposal aaaaaaaaaaaa --answer accepted`,
          ...([0, 'answer is sent to 1 village'] as const),
        ],
        [
          `sudo balai hub command case-state --to ${village} --case aaaaaaaaaaaa --state done`,
          ...([0, 'case-state is sent to 1 village'] as const),
        ],
        ['sudo balai hub commands', 0, 'check  by command line'],
        ['sudo balai hub role balai_reader', 0, 'balai_reader'],
        ['sudo balai hub retention --dry-run', 0, ''],
        ['sudo balai hub backup', 0, 'restored and sound'],
        ['sudo balai hub-account close Rina', 0, 'Rina'],
      ]
      for (const [line, status, says, input = ''] of lines)
        expect([line, type(line, { input })]).toEqual([
          line,
          { status, said: typeof says === 'string' ? expect.stringContaining(says) : expect.stringMatching(says) },
        ])
      expect(inside.run(['stat', '-c', '%U', '/var/lib/balai/hub-key.pem']).stdout.trim()).toBe('balai')
    } finally {
      await postgres.stop()
    }
  }, 120_000)

  test('every command that is printed anywhere was typed', () => {
    expect(printedCommands().filter((command) => !typed.has(command))).toEqual([])
    expect(printedCommands().length).toBeGreaterThan(20)
  })
})
