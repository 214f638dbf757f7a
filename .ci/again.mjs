// Runs test files again, once, and puts what came of them in place of the first try: those in which Node itself died, and up to
// two that talk to real brokers, databases and browsers, which a busy machine makes late now and then. Exits with 0 where nothing
// else was red. What was red at first is printed: whoever sees a file here twice has a fault to find.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'

const mostLate = 2
const read = (path) => JSON.parse(readFileSync(path, 'utf8'))
const first = read('artifacts/results.json')
const { died, otherErrors } = existsSync('artifacts/died.json')
  ? read('artifacts/died.json')
  : { died: [], otherErrors: 0 }
const lost = new Set(died.map(({ file }) => file))
const red = first.testResults.filter(({ name, status }) => status === 'failed' && !lost.has(name))
const isReal = ({ name }) => /\.(broker|browser|postgres)\.test\.ts$/.test(name)
if (otherErrors > 0 || red.length > mostLate || !red.every(isReal) || lost.size + red.length === 0) process.exit(1)

for (const { signal, file } of died) console.log(`\nNode died by ${signal} in ${file}; it is run again.`)
for (const core of readdirSync('.').filter((name) => /^core(\.|$)/.test(name))) {
  const gdb = ['-batch', '-ex', 'thread apply all backtrace 25', process.execPath, core]
  console.log(spawnSync('gdb', gdb, { encoding: 'utf8' }).stdout ?? '')
}
for (const { name, assertionResults } of red)
  for (const { fullName } of assertionResults.filter(({ status }) => status === 'failed'))
    console.log(`\nRed at first: ${name}: ${fullName}; the file is run again.`)

const files = [...lost, ...red.map(({ name }) => name)]
const again = spawnSync('vitest', ['run', ...files], { stdio: 'inherit' })
const second = read('artifacts/results.json')
const testResults = [...first.testResults.filter(({ name }) => !files.includes(name)), ...second.testResults]
const count = (...states) =>
  testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => states.includes(status)).length
const numFailedTests = count('failed')
writeFileSync(
  'artifacts/results.json',
  JSON.stringify({
    ...{ ...first, testResults, numFailedTests },
    ...{ numPassedTests: count('passed'), numPendingTests: count('pending', 'skipped', 'disabled', 'todo') },
  }),
)
process.exit(again.status !== 0 || numFailedTests > 0 || testResults.some(({ status }) => status === 'failed') ? 1 : 0)
