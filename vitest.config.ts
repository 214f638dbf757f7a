import { defineConfig } from 'vitest/config'

// The suffix of a test file says what it needs (.broker, .postgres, .browser); two files run at once, as the machine has cores.
export default defineConfig({
  test: {
    include: ['appliance/**/*.test.ts', 'regency/**/*.test.ts', 'provisioning/**/*.test.ts', 'bench/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: 'artifacts/results.json' }]],
  },
})
