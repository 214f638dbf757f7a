import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { peopleEvents } from './events.ts'

/** The only code that writes `account`. */
export function createPeopleProjection(db: Db): Projection<typeof peopleEvents> {
  const insertAccount = db.prepare(
    'INSERT INTO account (account, name, role, ordinal) VALUES (@account, @name, @role, @ordinal)',
  )
  const updateAccount = db.prepare('UPDATE account SET name = @name, role = @role WHERE account = @account')
  const openAccount = db.prepare('UPDATE account SET active = @active WHERE account = @account')

  return {
    'people.account-added': (_tx, { data, row }) => {
      insertAccount.run({ ...data, ordinal: row })
    },
    'people.account-changed': (_tx, { data }) => {
      updateAccount.run(data)
    },
    'people.account-closed': (_tx, { data }) => {
      openAccount.run({ ...data, active: 0 })
    },
    'people.account-opened': (_tx, { data }) => {
      openAccount.run({ ...data, active: 1 })
    },
  }
}
