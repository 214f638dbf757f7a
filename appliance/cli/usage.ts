import { exitCode } from '../base/errors.ts'
import type { Command } from './command.ts'

/**
 * Says how an action of `balai <name>` is typed, by the lines of its help, or which actions there are; answers the exit code.
 * `action`: the word that was typed.
 */
export function sayUsage(name: string, command: Command, action: string | undefined): number {
  const forms = formsOf(name, command)
  const fitting = forms.filter(({ words }) => action !== undefined && words.includes(action))
  const all = [...new Set(forms.flatMap(({ words }) => words))].join(', ')
  if (fitting.length > 0) process.stderr.write(`It is typed so:\n${fitting.map(({ form }) => `${form}\n`).join('')}`)
  else if (action) process.stderr.write(`balai ${name}: there is no "${action}". There are: ${all}\n`)
  else process.stderr.write(`balai ${name}: what of it? There are: ${all}\n`)
  process.stderr.write(`More: balai ${name} --help\n`)
  return exitCode.usage
}

/** The words that may follow `balai <name>`: `issue`, `boxes`. */
export const actionsOf = (name: string, command: Command): string[] =>
  formsOf(name, command).flatMap(({ words }) => words)

function formsOf(name: string, { help }: Command): { form: string; words: string[] }[] {
  const synopsis = help.slice(0, help.indexOf('\n\n'))
  return synopsis.split(/\n(?=balai )/).map((form) => ({ form, words: wordsOf(name, form) }))
}

/** The actions of one form: `status [VILLAGE] | rotate` and `pin|close NAME` have two. */
function wordsOf(name: string, form: string): string[] {
  const rest = form.replace(`balai ${name} `, '').replaceAll(/\[[^\]]*\]/g, '')
  return rest.split(' | ').flatMap((part) => /^\s*([a-z][a-z|-]*)/.exec(part)?.[1]?.split('|') ?? [])
}
