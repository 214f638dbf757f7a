#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'

/*
 * `balai`: what has to be set before the program is loaded, in plain JavaScript because Node would otherwise load its
 * TypeScript reader first (18 MiB that stay). The program itself is cli.ts.
 */

// Code that was read and compiled once is kept beside the packages (or where NODE_COMPILE_CACHE says): a third of the
// start time. In the environment, so that worker threads have it too. Where the folder cannot be written, everything
// works without.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '..', 'node_modules', '.cache', 'balai')
enableCompileCache(process.env.NODE_COMPILE_CACHE)

// Node spares packages its warnings of what it will drop one day, by their folder; in the built program they have none.
process.noDeprecation ||= !existsSync(join(import.meta.dirname, 'cli', 'main.ts'))

// Baseline code is compiled on this thread, which takes as long. On a thread of its own it may ask this one to collect garbage
// and wait for that, while this one ends the process and waits for that thread: then neither ends, nor does the process
// (nodejs/node issue 54918; end-process.ts says what else is done against it).
setFlagsFromString('--no-concurrent-sparkplug')

// A box has 512 MiB or a gigabyte. A young generation that does not grow saves 25 MiB, the middle one of V8's compilers
// another 20; without it the program takes some seconds longer to become fast, and is then as fast as with it. The heap
// grows in smaller steps: three more.
if (process.argv[2] === 'serve') {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--no-maglev')
  setFlagsFromString('--optimize-for-size')
}

await import('./cli/main.ts')
