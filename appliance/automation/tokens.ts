import { randomBytes } from 'node:crypto'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Store } from '../base/store/store.ts'
import { type FlowScope, flowScopes } from '../base/web/callers.ts'
import { hashToken } from '../base/web/sessions.ts'
import { automationEvents } from './events.ts'

export type TokenRow = { token: string; name: string; scopes: FlowScope[]; madeBy: string; madeAt: number }
type StoredToken = Omit<TokenRow, 'scopes'> & { scopes: string }
type OuterScope = Exclude<FlowScope, 'host'>

const mostTokens = 20

/**
 * Who may use the link. The box's own host has a secret that is made at each start and opens everything; a Node-RED on
 * another machine has a token that a technician made, of which only the hash is kept.
 */
export function createTokens(store: Store, journal: Journal) {
  const pen = journal.pen(automationEvents)
  const columns = 'token, name, scopes, made_by AS madeBy, made_at AS madeAt'
  const select = store.db.prepare<[], StoredToken>(`SELECT ${columns} FROM flow_token ORDER BY made_at, token`)
  const selectByHash = store.db.prepare<{ hash: Buffer }, StoredToken>(
    `SELECT ${columns} FROM flow_token WHERE token_hash = @hash`,
  )
  const insert = store.db.prepare(`
    INSERT INTO flow_token (token, token_hash, name, scopes, made_by, made_at)
    VALUES (@token, @hash, @name, @scopes, @actor, @at)`)
  const remove = store.db.prepare('DELETE FROM flow_token WHERE token = @token')
  const hostSecret = randomBytes(32).toString('base64url')
  const hostHash = hashToken(hostSecret)
  const read = (row: StoredToken): TokenRow => ({ ...row, scopes: JSON.parse(row.scopes) as FlowScope[] })

  return {
    hostSecret,
    list: (): TokenRow[] => select.all().map(read),

    /** What this token opens; null: it is none of this box. */
    scopesOf(token: string): readonly FlowScope[] | null {
      const hash = hashToken(token)
      if (hash.equals(hostHash)) return flowScopes
      const row = selectByHash.get({ hash })
      return row ? read(row).scopes : null
    },

    /** Makes a token, which is said this once. Throws `flow.too-many-tokens`. */
    make({ name, scopes, actor, key }: { name: string; scopes: OuterScope[]; actor: string; key: string | null }) {
      const secret = randomBytes(24).toString('base64url')
      store.write((tx) => {
        if (pen.wasDone(key, ['automation.token-made']))
          throw new AppError('conflict', 'flow.token-said', 'This token was made and said already: make another one.')
        if (select.all().length >= mostTokens)
          throw new AppError('conflict', 'flow.too-many-tokens', `There are ${mostTokens} tokens: remove one first.`)
        const token = newId()
        insert.run({ token, hash: hashToken(secret), name, scopes: JSON.stringify(scopes), actor, at: tx.now.at })
        pen.append(tx, { type: 'automation.token-made', actor, key, data: { token, name, scopes } })
      })
      return secret
    },

    remove({ token, actor, key }: { token: string; actor: string; key: string | null }): void {
      store.write((tx) => {
        if (remove.run({ token }).changes > 0)
          pen.append(tx, { type: 'automation.token-removed', actor, key, data: { token } })
      })
    },
  }
}

export type Tokens = ReturnType<typeof createTokens>
