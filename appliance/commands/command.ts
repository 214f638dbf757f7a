/** One `balai <command>`. `run` answers the exit code; what it throws becomes a sentence and a code in `cli.ts`. */
export type Command = {
  /** One line for `balai --help`. */
  summary: string
  /** What `balai <command> --help` prints. */
  help: string
  run(args: string[]): Promise<number>
}
