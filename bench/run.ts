import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/*
 * `npm run bench -- <name>`, or all without a name. A benchmark is a file in bench/ that exports `bench`; it prints a
 * table for people, and this prints its figures as the last line, one JSON object.
 */

export type Figures = Record<string, number | Record<string, number>>
export type Bench = { name: string; run(): Promise<Figures> }

const names = readdirSync(join(import.meta.dirname, 'benches'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''))

async function main(wanted: string[]): Promise<void> {
  const unknown = wanted.filter((name) => !names.includes(name))
  if (unknown.length > 0)
    throw new Error(`There is no benchmark ${unknown.join(', ')}. There are: ${names.join(', ')}.`)
  for (const name of wanted.length > 0 ? wanted : names) {
    const { bench } = (await import(`./benches/${name}.ts`)) as { bench: Bench }
    console.log(`\n${name}`)
    const figures = await bench.run()
    console.log(JSON.stringify({ bench: name, figures }))
  }
}

await main(process.argv.slice(2))
