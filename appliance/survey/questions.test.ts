import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groups, longestSuggestion } from '../pages/ui/questionnaire.ts'
import { gradeOf, neededRespondents, scoreSurvey, surveyElements } from './questions.ts'
import { countRespondents, longestSuggestion as longestTaken, respondentGroups } from './respondents.ts'
import type { SurveyAnswers } from './schemas.ts'

const all = (score: number): SurveyAnswers => Object.fromEntries(surveyElements.map((element) => [element, score]))

describe('the index of PermenPANRB 14/2017', () => {
  test('all answers 4 give 100 by exact weights, 99.9 by the published 0.111, class A', () => {
    const result = scoreSurvey([all(4), all(4)])
    expect(result).toMatchObject({ respondents: 2, index: 100, grade: 'A' })
    expect(result.auditIndex).toBeCloseTo(99.9, 10)
  })

  test('all answers 1 give 25, class D', () => {
    expect(scoreSurvey([all(1)])).toMatchObject({ index: 25, grade: 'D' })
  })

  test('there is no index until every element was answered by somebody', () => {
    expect(scoreSurvey([])).toMatchObject({ respondents: 0, index: null, grade: null })
    expect(scoreSurvey([{ time: 4 }])).toMatchObject({ index: null })
    expect(scoreSurvey([{ ...all(3), time: undefined } as SurveyAnswers, { time: 3 }]).index).toBeCloseTo(75, 10)
  })

  test('it lies between 25 and 100 and rises with every answer', () => {
    const answers = fc.record(
      Object.fromEntries(surveyElements.map((element) => [element, fc.integer({ min: 1, max: 4 })])),
    )
    fc.assert(
      fc.property(fc.array(answers, { minLength: 1, maxLength: 30 }), (given) => {
        const { index } = scoreSurvey(given as SurveyAnswers[])
        const better = scoreSurvey([...(given as SurveyAnswers[]), all(4)]).index
        return index !== null && better !== null && index >= 25 && index <= 100 && better >= index - 1e-9
      }),
    )
  })
})

test.each([
  [88.31, 'A'],
  [88.3, 'B'],
  [76.61, 'B'],
  [76.6, 'C'],
  [65, 'C'],
  [64.99, 'D'],
])('%s is class %s', (index, grade) => {
  expect(gradeOf(index)).toBe(grade)
})

test.each([
  [10, 10],
  [100, 80],
  [500, 217],
  [1_000, 278],
  [5_000, 357],
  [1_000_000, 384],
])('of %i people %i are asked (Krejcie and Morgan’s table)', (population, needed) => {
  expect(neededRespondents(population)).toBe(needed)
})

test('the pages ask for the groups that the box takes', () => {
  expect(groups).toEqual(respondentGroups)
  expect(longestSuggestion).toBe(longestTaken)
})

test('who answered is counted by group; what was left out is said', () => {
  const counted = countRespondents([{ sex: 'male', age: '20-29' }, { sex: 'male' }, null])
  expect(counted.sex).toEqual({ unsaid: 1, counts: { male: 2, female: 0 } })
  expect(counted.age).toMatchObject({ unsaid: 2, counts: { '20-29': 1 } })
  expect(counted.work.unsaid).toBe(3)
})
