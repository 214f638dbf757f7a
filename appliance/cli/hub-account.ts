import { parseArgs } from 'node:util'
import { type Accounts, createAccounts } from '../../regency/base/accounts.ts'
import type { Doer } from '../../regency/base/audit.ts'
import { readHubConfig } from '../../regency/base/config.ts'
import { withDatabase } from '../../regency/base/with-database.ts'
import { AppError, exitCode } from '../base/errors.ts'
import { lengthOf, tidyText } from '../base/tidy-text.ts'
import { type HubRole, readers as roles } from '../base/web/callers.ts'
import { askSecret } from './ask-line.ts'
import { becomeOwner, type Command, commandLine, configHelp, configPath } from './command.ts'
import { sayUsage } from './usage.ts'

const actions = ['add', 'list', 'role', 'pin', 'second-factor-off', 'close'] as const

const pinQuestion = 'PIN (six digits): '

export const hubAccount: Command = {
  summary: 'accounts of the regency’s console',
  help: `balai hub-account add NAME [--role ROLE] [--config hub.toml]
balai hub-account role NAME --role ROLE [--config hub.toml]
balai hub-account pin|second-factor-off|close NAME [--config hub.toml]
balai hub-account list [--config hub.toml]

  add     make an account; asks for a PIN of six digits
  role    give an account another role
  pin     set a new PIN
  second-factor-off
          for a lost phone: the PIN is enough again, or where hub.toml demands
          a second factor, the next log-in sets up a new one
  close   close an account; its name becomes free
  list    show all accounts

  --role ROLE     reader: looks at everything
                  operator: works on alarms as well
                  administrator: sees to accounts, and reads what was done
                  Without it an account becomes a reader, and an administrator
                  while there is none. The last administrator can neither be
                  closed nor get another role.

The PIN is asked on the terminal, or read from standard input; never given as an
argument, where other users of the machine could see it. The console does the
same for an administrator; what is done here or there is a row of the table
audit.

${configHelp('hub.toml')}
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { config: { type: 'string' }, role: { type: 'string' } },
    })
    const action = actions.find((known) => known === positionals[0])
    const name = tidyText(positionals.slice(1).join(' '))
    const role = readRole(values.role)
    const isWhole =
      action === 'list' || (name !== '' && lengthOf(name) <= 60 && (action !== 'role' || role !== undefined))
    if (!action || !isWhole) {
      return sayUsage('hub-account', hubAccount, positionals[0])
    }
    const { postgres, data } = readHubConfig(configPath('hub.toml', values.config))
    const by = commandLine()
    // By its socket PostgreSQL looks at the user.
    becomeOwner(data)
    return await withDatabase(postgres.url, async (database) => {
      const accounts = createAccounts(database, () => performance.now())
      process.stdout.write(await carryOut(action, name, role, accounts, by))
      return exitCode.ok
    })
  },
}

function readRole(text: string | undefined): HubRole | undefined {
  const role = roles.find((known) => known === text)
  if (text === undefined || role) return role
  throw new AppError('invalid', 'config', `--role is "${text}"; allowed: ${roles.join(', ')}`)
}

/** Does it and says what was done. */
async function carryOut(
  action: (typeof actions)[number],
  name: string,
  given: HubRole | undefined,
  accounts: Accounts,
  by: Doer,
): Promise<string> {
  switch (action) {
    case 'list':
      return (await accounts.list())
        .map((row) => `${row.name}  ${row.closed ? 'closed' : row.role}${row.secondFactor ? '  second factor' : ''}\n`)
        .join('')
    case 'add': {
      const hasOne = (await accounts.list()).some((row) => !row.closed && row.role === 'administrator')
      const role = given ?? (hasOne ? 'reader' : 'administrator')
      await accounts.add({ name, pin: await askSecret(pinQuestion), role }, by)
      return `${name} may log in to the console as ${role}.\n`
    }
    case 'role': {
      const { account, role } = await accounts.find(name)
      await accounts.setRole(account, given ?? role, by)
      return `${name} is ${given} now; who is logged in as ${name} logs in again.\n`
    }
    case 'pin':
      await accounts.setPin((await accounts.find(name)).account, await askSecret(pinQuestion), by)
      return `${name} has a new PIN.\n`
    case 'second-factor-off':
      await accounts.dropFactor((await accounts.find(name)).account, by)
      return `${name} has no second factor any more.\n`
    case 'close':
      await accounts.close((await accounts.find(name)).account, by)
      return `${name} is closed.\n`
  }
}
