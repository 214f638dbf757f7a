/** The minute of the day that was typed, 24.00 included: `8`, `8.30`, `0830` and `08:30` are all understood. Null: none. */
export function readTime(typed: string): number | null {
  const [, hours = '', minutes = '0'] = /^(\d{1,2})(?:[.:]?([0-5]\d))?$/.exec(typed.trim()) ?? []
  const minute = Number(hours) * 60 + Number(minutes)
  return hours !== '' && minute <= 1440 ? minute : null
}

/** 930 is `15.30`. */
export const writeTime = (minute: number): string => `${two(Math.floor(minute / 60))}.${two(minute % 60)}`

const two = (n: number) => String(n).padStart(2, '0')
