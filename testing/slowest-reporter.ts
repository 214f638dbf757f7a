import type { Reporter, TestModule } from 'vitest/node'

/** Which files a run spent its time in: the slowest ten, in seconds, hooks included. Nothing for a run of few files. */
export class SlowestReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (modules.length <= shown) return
    const files = modules
      .map((module) => ({ path: module.relativeModuleId, seconds: module.diagnostic().duration / 1_000 }))
      .sort((a, b) => b.seconds - a.seconds)
    const all = files.reduce((sum, { seconds }) => sum + seconds, 0)
    console.log(`\nThe slowest of ${files.length} files, which took ${all.toFixed(0)} s together:`)
    for (const { path, seconds } of files.slice(0, shown)) console.log(`${seconds.toFixed(1).padStart(7)} s  ${path}`)
  }
}

const shown = 10
