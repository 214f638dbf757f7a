/** Full years of somebody on a day, both as 2026-11-30; null: the day is before the birth. */
export function ageOn(birthDate: string, today: string): number | null {
  const hadBirthday = today.slice(5) >= birthDate.slice(5)
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (hadBirthday ? 0 : 1)
  return years < 0 ? null : years
}
