import { parseArgs } from 'node:util'
import { exitCode } from '../base/errors.ts'
import { createChainIndex } from '../base/journal/chain-index.ts'
import { verifyChains } from '../base/journal/verify.ts'
import { databasePath } from '../base/store/folder.ts'
import { openForReading } from '../base/store/reading.ts'
import { readBoxConfig } from '../config.ts'
import { type Command, configPath } from './command.ts'

export const verify: Command = {
  summary: 'check the hash chain of the journal',
  help: `balai verify [--config balai.toml]

Computes every hash of the journal again and names the first entry of each
epoch that does not fit. Reads only; the box may be running.

Exit code 0: whole. 1: broken.
`,
  async run(args) {
    const { values } = parseArgs({ args, options: { config: { type: 'string' } } })
    const config = readBoxConfig(configPath('balai.toml', values.config))
    const db = openForReading(databasePath(config.data))
    try {
      const { epochs, entries, broken } = verifyChains(config.village, createChainIndex(db))
      for (const { epoch, seq, reason } of broken) {
        const what = reason === 'missing' ? 'is missing' : 'is not what was written'
        process.stdout.write(`epoch ${epoch}, entry ${seq}: ${what}. Entries before it are sound.\n`)
      }
      process.stdout.write(
        `${entries} entries in ${epochs} epochs read, ${broken.length === 0 ? 'all sound' : `${broken.length} epochs broken`}.\n`,
      )
      return broken.length === 0 ? exitCode.ok : exitCode.failed
    } finally {
      db.close()
    }
  },
}
