// Runs the test files again in which Node itself died, once, and puts what came of them in place of the first try. Exits with 0
// where nothing else was red. What is known of the death is printed: a file that dies twice is a fault of ours.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'

const read = (path) => JSON.parse(readFileSync(path, 'utf8'))
if (!existsSync('artifacts/died.json')) process.exit(1)
const { died, otherErrors } = read('artifacts/died.json')
for (const { signal, file } of died) console.log(`\nNode died by ${signal} in ${file}; it is run again.`)
for (const core of readdirSync('.').filter((name) => /^core(\.|$)/.test(name))) {
  const gdb = ['-batch', '-ex', 'thread apply all backtrace 25', process.execPath, core]
  console.log(spawnSync('gdb', gdb, { encoding: 'utf8' }).stdout ?? '')
}

const first = read('artifacts/results.json')
const files = [...new Set(died.map(({ file }) => file))]
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
const isRed =
  again.status !== 0 || otherErrors > 0 || numFailedTests > 0 || testResults.some(({ status }) => status === 'failed')
process.exit(isRed ? 1 : 0)
