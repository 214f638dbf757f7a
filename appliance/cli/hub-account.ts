import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { type Accounts, createAccounts } from '../../regency/base/accounts.ts'
import { readHubConfig } from '../../regency/base/config.ts'
import { openDatabase } from '../../regency/base/database.ts'
import { migrate } from '../../regency/base/migrate.ts'
import { exitCode } from '../base/errors.ts'
import { type Command, configHelp, configPath } from './command.ts'

const actions = ['add', 'list', 'pin', 'close'] as const

export const hubAccount: Command = {
  summary: 'accounts of the regency’s console',
  help: `balai hub-account add|pin|close NAME [--config hub.toml]
balai hub-account list [--config hub.toml]

  add     make an account; asks for a PIN of six digits
  pin     set a new PIN
  close   close an account; its name becomes free
  list    show all accounts

The PIN is asked on the terminal, or read from standard input; never given as an
argument, where other users of the machine could see it.

${configHelp('hub.toml')}
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { config: { type: 'string' } },
    })
    const action = actions.find((known) => known === positionals[0])
    const name = positionals.slice(1).join(' ').trim()
    if (!action || (action !== 'list' && (name === '' || name.length > 60))) {
      process.stderr.write(`${hubAccount.help}\n`)
      return exitCode.usage
    }
    const { postgres } = readHubConfig(configPath('hub.toml', values.config))
    const database = await openDatabase({ url: postgres.url, connections: 1, log: pino({ level: 'silent' }) })
    try {
      await migrate(database)
      process.stdout.write(
        await carryOut(
          action,
          name,
          createAccounts(database, () => performance.now()),
        ),
      )
      return exitCode.ok
    } finally {
      await database.close()
    }
  },
}

/** Does it and says what was done. */
async function carryOut(action: (typeof actions)[number], name: string, accounts: Accounts): Promise<string> {
  switch (action) {
    case 'list':
      return (await accounts.list()).map((row) => `${row.name}${row.closed ? ' (closed)' : ''}\n`).join('')
    case 'add':
      await accounts.add({ name, pin: await askPin() })
      return `${name} may log in to the console.\n`
    case 'pin': {
      const { account } = await accounts.find(name)
      await accounts.setPin(account, await askPin())
      return `${name} has a new PIN.\n`
    }
    case 'close':
      await accounts.close((await accounts.find(name)).account)
      return `${name} is closed.\n`
  }
}

/** Asks on the terminal without showing what is typed, or reads one line from standard input. */
async function askPin(): Promise<string> {
  const terminal = process.stdin.isTTY === true
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silence, terminal })
  if (terminal) process.stderr.write('PIN (six digits): ')
  try {
    for await (const line of lines) return line.trim()
    return ''
  } finally {
    lines.close()
    if (terminal) process.stderr.write('\n')
  }
}
