import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const service = join(import.meta.dirname, '../provisioning/debian/usr/lib/systemd/system/balai.service')

/** What starts a program with the environment that a box's service gives it, which spares tens of MiB. */
export function asItsServiceDoes(): string[] {
  const [, line = ''] = /^Environment=(.*)$/m.exec(readFileSync(service, 'utf8')) ?? []
  return ['env', ...line.split(' ')]
}
