import { defineConfig } from 'vitest/config'

// The long form of what images are held to, by hand before a release: `npm run test:image`. One file at a time, since each
// of them emulates a machine; none of it belongs to `npm test`.
export default defineConfig({
  test: {
    pool: 'forks',
    include: ['images/**/*.image-long.test.ts'],
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
    reporters: ['verbose'],
  },
})
