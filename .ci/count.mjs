// Prints what the test runner counted, as the last line of a CI run.
import { readFileSync } from 'node:fs'

const {
  numPassedTests: passed,
  numFailedTests,
  numPendingTests: skipped,
  testResults,
} = JSON.parse(readFileSync('artifacts/results.json', 'utf8'))
const brokenFiles = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
console.log(`${passed} passed, ${numFailedTests + brokenFiles} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
