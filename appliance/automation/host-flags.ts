/*
 * What V8 is told in the process of the flows: a young generation of one MiB saves 20 MiB at rest, and a wall at 96 MiB
 * ends a leak in the heap. The unit balai-flows.service says the same.
 */
export const hostFlags = '--max-semi-space-size=1 --max-old-space-size=96'
