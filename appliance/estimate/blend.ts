import { experts } from './experts.ts'

/* Which guesses to trust, and how far, learned from what came of them. Pure. */

/** What came of the guesses for one ticket: their logarithms in the order of `experts`, and that of its wait (ms). */
export type Outcome = { guesses: Float64Array; waited: number }

/** How to make one wait of several guesses: the weight of each, and the factors of what came of it in 0.5 and 0.8 of the cases. */
export type Blend = { weights: Float64Array; p50: number; p80: number }

/** Outcomes that are looked at; with fewer than the second number the rollouts stand alone. */
export const lastOutcomes = 400
export const fewestOutcomes = 30
/** An outcome counts half as much as one that came so many later. */
const halfLife = 200
const sharpness = 12
/** The rollouts alone know clerks, breaks and rights of way: with equal errors they count for four. */
const rolloutsCount = 4
/** Wait ÷ guess of half of the outcomes is not taken for more than chance within this (log scale, 4 %). */
const chance = 0.04
/** Each guess is off by about a factor 1.6 until outcomes say more; that counts like so many of them. */
const priorError = 0.5
const priorCount = 3
/** A single miss by more than a factor of 20 says no more than one by 20. */
const mostError = 3

/**
 * Weighs each guess by exp(−12 × its mean absolute log error over the last outcomes), as the exponentially weighted
 * average of Vovk's aggregating forecasters; then the quantiles of wait ÷ weighted guess over the same outcomes say what
 * P50 and P80 are (split conformal prediction). `outcomes` of one stream, oldest first; null: fewer than thirty.
 */
export function learnBlend(outcomes: readonly Outcome[]): Blend | null {
  if (outcomes.length < fewestOutcomes) return null
  const errors = new Float64Array(experts.length).fill(priorError * priorCount)
  const counts = new Float64Array(experts.length).fill(priorCount)
  const decay = 0.5 ** (1 / halfLife)
  let count = 1
  for (let index = outcomes.length - 1; index >= 0; index--) {
    const { guesses, waited } = outcomes[index] as Outcome
    for (let expert = 0; expert < experts.length; expert++) {
      const error = Math.abs((guesses[expert] as number) - waited)
      if (Number.isNaN(error)) continue
      errors[expert] = (errors[expert] as number) + count * Math.min(mostError, error)
      counts[expert] = (counts[expert] as number) + count
    }
    count *= decay
  }
  const weights = errors.map(
    (error, expert) =>
      Math.exp((-sharpness * error) / (counts[expert] as number)) *
      (experts[expert] === 'rollouts' ? rolloutsCount : 1),
  )
  const ratios = Float64Array.from(outcomes, ({ guesses, waited }) => waited - weigh(weights, guesses))
    .filter((ratio) => !Number.isNaN(ratio))
    .sort()
  if (ratios.length < fewestOutcomes) return null
  const at = (share: number) => ratios[Math.floor(ratios.length * share)] as number
  const half = Math.sign(at(0.5)) * Math.max(0, Math.abs(at(0.5)) - chance)
  return { weights, p50: Math.exp(half), p80: Math.exp(Math.max(half, at(0.8))) }
}

/** The weighted mean of the guesses of those who have one; NaN: nobody has. */
export function weigh(weights: Float64Array, guesses: Float64Array): number {
  let sum = 0
  let weight = 0
  for (let expert = 0; expert < weights.length; expert++) {
    const guess = guesses[expert] as number
    if (Number.isNaN(guess)) continue
    sum += (weights[expert] as number) * guess
    weight += weights[expert] as number
  }
  return sum / weight
}
