import { type Static, Type } from 'typebox'
import { closed } from '../../appliance/base/schemas.ts'
import { administrators } from '../../appliance/base/web/callers.ts'
import type { App } from '../../appliance/base/web/server.ts'
import { villagePattern } from '../../appliance/wire/topics.ts'
import { actions } from '../base/audit.ts'
import type { Database } from '../base/database.ts'
import { refused } from './account-routes.ts'
import { type AuditRow, AuditView } from './audit-view.ts'

const rowsAPage = 50
const newest = Number.MAX_SAFE_INTEGER

const Asked = Type.Object(
  {
    before: Type.Optional(Type.Integer({ minimum: 1, maximum: newest, description: 'Rows with a lower id' })),
    village: Type.Optional(Type.String({ pattern: villagePattern })),
    action: Type.Optional(Type.String({ pattern: '^[a-z.-]{1,60}$' })),
  },
  closed,
)

/** What was done, the newest first. */
export function auditRoute(app: App, database: Database): void {
  app.get(
    '/api/audit',
    {
      schema: { summary: 'What was done', querystring: Asked, response: { 200: AuditView, ...refused } },
      config: { mayCall: administrators },
    },
    async (request) => readAudit(database, request.query),
  )
}

type Row = Omit<AuditRow, 'id' | 'at'> & { id: string; at: Date }

export async function readAudit(
  database: Database,
  { before = newest, village, action }: Static<typeof Asked>,
): Promise<AuditView> {
  const { rows: found } = await database.query<Row>(
    `SELECT a.id, a.at, a.account, a.actor, a.action, a.village, coalesce(v.name, a.village) AS name, a.data
     FROM audit a
     LEFT JOIN village v ON v.village = a.village AND v.valid_to IS NULL
     WHERE a.id < $1 AND ($2::text IS NULL OR a.village = $2) AND ($3::text IS NULL OR a.action = $3)
     ORDER BY a.id DESC
     LIMIT ${rowsAPage + 1}`,
    [before, village ?? null, action ?? null],
  )
  const rows = found.slice(0, rowsAPage).map((row) => ({ ...row, id: Number(row.id), at: row.at.getTime() }))
  return { rows, before: found.length > rowsAPage ? (rows.at(-1)?.id ?? null) : null, actions: [...actions] }
}
