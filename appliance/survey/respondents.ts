import type { Respondent } from './schemas.ts'

/*
 * Who answered, as far as they say so: the groups that questionnaires by PermenPANRB 14/2017 ask for (age, sex, schooling,
 * work), each of which may be left out. Its annex was not at hand; the groups are those of published forms, with the work
 * of a village added. Ages are groups of years, since a year of age with a day and a service can be a person.
 */

/** What may be said in each group, in the order in which it is asked. Words: messages `survey.member-<group>-<one>`. */
export const respondentGroups = {
  age: ['under-20', '20-29', '30-39', '40-49', '50-59', '60-up'],
  sex: ['male', 'female'],
  schooling: ['none', 'sd', 'smp', 'sma', 'diploma', 's1', 's2'],
  work: [
    'farmer-fisher',
    'employee',
    'self-employed',
    'civil-servant',
    'military-police',
    'student',
    'household',
    'other',
  ],
} as const
export type RespondentGroup = keyof typeof respondentGroups
export type GroupMember = { [G in RespondentGroup]: (typeof respondentGroups)[G][number] }

export const groupNames = Object.keys(respondentGroups) as RespondentGroup[]

/** What somebody would like to be better, in their own words. */
export const longestSuggestion = 500

/** How many of each group answered. `unsaid`: left out, or told longer ago than it is kept. */
export type RespondentCounts = Record<RespondentGroup, { unsaid: number; counts: Record<string, number> }>

export function countRespondents(respondents: readonly (Respondent | null)[]): RespondentCounts {
  const count = (group: RespondentGroup) => {
    const said = respondents.flatMap((one) => one?.[group] ?? [])
    const counts = respondentGroups[group].map((member) => [member, said.filter((one) => one === member).length])
    return { unsaid: respondents.length - said.length, counts: Object.fromEntries(counts) as Record<string, number> }
  }
  return { age: count('age'), sex: count('sex'), schooling: count('schooling'), work: count('work') }
}
