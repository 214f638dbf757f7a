import type { MovedBrokers } from '../base/broker/broker-list.ts'
import type { Db, Tx } from '../base/store/store.ts'
import type { MessageView } from './views.ts'

const shownMessages = 20

/** Messages of the regency, versions of settings and the brokers it moved the box to, as they lie in the store. */
export function createCommandTables(db: Db) {
  const insertMessage = db.prepare(
    'INSERT INTO office_message (command, sender, text, at) VALUES (@command, @from, @text, @at)',
  )
  const selectUnread = db.prepare<[], MessageView>(`
    SELECT command, sender AS "from", text, at
    FROM office_message
    WHERE command NOT IN (SELECT command FROM message_read)
    ORDER BY position
    LIMIT ${shownMessages}`)
  const selectStanding = db.prepare<{ command: string }, { isThere: number; isRead: number }>(`
    SELECT
      EXISTS (SELECT 1 FROM office_message WHERE command = @command) AS isThere,
      EXISTS (SELECT 1 FROM message_read WHERE command = @command) AS isRead`)
  const deleteRead = db.prepare('DELETE FROM office_message WHERE command IN (SELECT command FROM message_read)')
  const selectVersion = db
    .prepare<{ setting: string }, number>('SELECT version FROM setting_version WHERE setting = @setting')
    .pluck()
  const selectMove = db.prepare<[], { version: number; brokers: string; instead: string }>(
    'SELECT version, brokers, instead FROM broker_move',
  )

  return {
    unread: (): MessageView[] => selectUnread.all(),
    isThere: (command: string): boolean => selectStanding.get({ command })?.isThere === 1,
    isRead: (command: string): boolean => selectStanding.get({ command })?.isRead === 1,
    keepMessage: (tx: Tx, message: { command: string; from: string; text: string }): void =>
      void insertMessage.run({ ...message, at: tx.now.at }),
    dropRead: (_tx: Tx): void => void deleteRead.run(),
    /** 0: the regency has never set it. */
    versionOf: (setting: string): number => selectVersion.get({ setting }) ?? 0,
    /** Null: the regency has never moved its broker. */
    brokerMove(): (MovedBrokers & { version: number }) | null {
      const row = selectMove.get()
      return row ? { ...row, brokers: JSON.parse(row.brokers), instead: JSON.parse(row.instead) } : null
    },
  }
}
