/** For parts that say `onFailure`, where nothing may fail. */
export function rethrow(error: unknown): never {
  throw error
}
