import type { HubCheck } from '../../regency/doctor/checks.ts'
import { openCatalogues } from '../base/messages/catalogues.ts'
import { marks, sayFact, sayFacts, type Words } from '../health/describe-checks.ts'

/** Words for a report at the terminal. `zone`: IANA; `now`: ms since 1970 UTC. An unknown language is the default one. */
export function wordsFor(language: string, zone: string, now: number): Words {
  const say = openCatalogues().speak(language)
  return { say, locale: say.locale, zone, now }
}

/** Every check in a line, what to do below it, in the form of `balai doctor`. */
export const writeHubChecks = (checks: readonly HubCheck[], words: Words): string[] =>
  checks.flatMap((check) => [
    `${marks[check.state]} ${words.say(`doctor.name.${check.code}`)}: ${sayFacts(check, words)}`,
    ...check.advice.map((advice) => `    ${sayFact(advice, words)}`),
  ])
