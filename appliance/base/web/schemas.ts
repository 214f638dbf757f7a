import { type TSchema, Type } from 'typebox'

/** What may be missing stands as null: every view is whole each time. */
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
