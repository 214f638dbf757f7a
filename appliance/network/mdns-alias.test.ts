import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { makeTestFolder } from '../../testing/hub-parts.ts'

/* A real Avahi with a network of its own, in namespaces that end with the test. */

const run = promisify(execFile)
const isRoot = process.getuid?.() === 0

const program = `
import { publishAlias } from '${join(import.meta.dirname, 'mdns-alias.ts')}'
let address = '192.168.77.9'
const alias = publishAlias({ name: 'balai-3510242008.local', address: () => address, log: { debug() {} } })
process.on('SIGUSR1', () => { address = '192.168.77.10'; alias.look() })
process.on('SIGTERM', () => { alias.stop(); process.exit(0) })
setInterval(() => {}, 1000)
`

const script = (folder: string) => `
set -eu
ip link add lan0 type veth peer name lan1
for one in lo lan0 lan1; do ip link set $one up; done
ip addr add 192.168.77.9/24 dev lan0
ip addr add 192.168.77.10/24 dev lan0
ip route add 224.0.0.0/4 dev lan0
mount -t tmpfs none /run
mkdir -p /run/dbus /run/avahi-daemon
dbus-daemon --system --nofork --nopidfile & bus=$!
until [ -S /run/dbus/system_bus_socket ]; do sleep 0.1; done
avahi-daemon --no-drop-root --no-rlimits --no-chroot --no-proc-title 2>/dev/null & avahi=$!
until avahi-resolve -4 -n "$(hostname).local" >/dev/null 2>&1; do sleep 0.2; done
"${process.execPath}" ${folder}/alias.mts & program=$!
ask() { avahi-resolve -4 -n balai-3510242008.local 2>&1 || true; }
until ask | grep -q 77.9$; do sleep 0.2; done; ask
kill -USR1 $program
until ask | grep -q 77.10$; do sleep 0.2; done; ask
kill -TERM $program; wait $program
until ! ask | grep -q 77; do sleep 0.2; done; ask | cut -c1-22
kill $avahi $bus
`

test.skipIf(!isRoot)(
  'R14: the box has a name that no second box has, at its newest address, until it ends',
  async () => {
    const { folder, remove } = makeTestFolder('mdns')
    writeFileSync(join(folder, 'alias.mts'), program)
    writeFileSync(join(folder, 'run.sh'), script(folder))
    const { stdout } = await run(
      'unshare',
      ['--net', '--mount', '--pid', '--fork', '--kill-child', 'bash', join(folder, 'run.sh')],
      {
        timeout: 60_000,
        killSignal: 'SIGKILL',
      },
    )
    expect(stdout.trim().split('\n')).toEqual([
      'balai-3510242008.local\t192.168.77.9',
      'balai-3510242008.local\t192.168.77.10',
      'Failed to resolve host',
    ])
    remove()
  },
  90_000,
)
