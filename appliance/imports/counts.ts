import { Type } from 'typebox'
import { closedType } from '../base/schemas.ts'

const Count = Type.Integer({ minimum: 0 })

/** What became, or would become, of the rows of a file. */
export const ImportCounts = closedType({ new: Count, changed: Count, same: Count, refused: Count, asked: Count })
