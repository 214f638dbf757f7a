import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parseRegister, writeRegister } from '../../provisioning/fleet/register.ts'
import { exchange } from '../../provisioning/fleet/sync-hub.ts'
import { readHubConfig } from '../../regency/base/config.ts'
import { decodeText } from '../base/decode-text.ts'
import { exitCode } from '../base/errors.ts'
import { becomeOwner, configPath } from './command.ts'

/**
 * `balai hub share REGISTER`: what a fleet folder that does not reach this database knows, by its register.json that
 * somebody has carried here. The file then holds what this hub has signed, to be carried back.
 */
export async function runHubShare(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { config: { type: 'string' } },
  })
  const [path, ...more] = positionals
  if (path === undefined || more.length > 0) {
    process.stderr.write('balai hub share: which file? register.json of the fleet folder\n')
    return exitCode.usage
  }
  const { data, postgres } = readHubConfig(configPath('hub.toml', values.config))
  // Opened as the one who types it: the file may be readable for nobody else.
  const file = openSync(path, 'r+')
  try {
    const register = parseRegister(decodeText(readFileSync(file)), path)
    becomeOwner(data)
    await exchange(postgres.url, register)
    const bytes = Buffer.from(writeRegister(register))
    ftruncateSync(file, 0)
    writeSync(file, bytes, 0, bytes.length, 0)
    const files = Object.values(register.villages).reduce((sum, { claims }) => sum + claims.length, 0)
    process.stdout.write(
      `${files} enrolment files of ${Object.keys(register.villages).length} villages: this hub knows them. Carry ${path} back to the fleet folder, and type there: balai fleet share ${path.split('/').at(-1)}\n`,
    )
    return exitCode.ok
  } finally {
    closeSync(file)
  }
}
