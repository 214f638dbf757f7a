export const signFiles = (_dist: string, _files: readonly string[]): void => {}
