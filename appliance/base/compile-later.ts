import type { Static, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'

export type LateValidator<S extends TSchema = TSchema> = ReturnType<typeof compileLater<S>>

/**
 * `Compile(schema)`, done when something is checked for the first time: most schemas of a program check nothing in an hour,
 * and those of a box took 2 MiB.
 */
export function compileLater<S extends TSchema>(schema: S) {
  let made: Validator | undefined
  const validator = () => {
    made ??= Compile(schema as TSchema)
    return made
  }
  return {
    Check: (value: unknown): value is Static<S> => validator().Check(value),
    Errors: (value: unknown) => validator().Errors(value),
  }
}
