import { closest, distance } from 'fastest-levenshtein'
import { AppError, exitCode } from '../base/errors.ts'
import { describeMachineTrouble } from '../base/machine-trouble.ts'
import { forTerminal } from '../base/tidy-text.ts'
import { version } from '../base/version.ts'
import { commands } from './commands.ts'
import { endProcess } from './end-process.ts'

const exitCodes = `Exit codes: 0 done; 1 checked and found wrong; 64 wrong words on the command
line; 70 a fault in Balai; 78 a mistake in the configuration or a data folder
that this program must not use (systemd does not restart it).
`

async function overview(): Promise<string> {
  const lines = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => `  ${name.padEnd(12)} ${(await load()).summary}`),
  )
  return `balai ${version}: queue, journal and relay of a village office\n\nUsage: balai <command> [options]\n\n${lines.join('\n')}\n\nbalai <command> --help tells more.\n${exitCodes}`
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === '--version') {
    process.stdout.write(`${version}\n`)
    return exitCode.ok
  }
  if (!name || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(await overview())
    return name ? exitCode.ok : exitCode.usage
  }
  const load = commands[name]
  if (!load) {
    process.stderr.write(
      `balai: there is no command "${name}".${nearest(name)} Commands: ${Object.keys(commands).join(', ')}\n`,
    )
    return exitCode.usage
  }
  const command = await load()
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${command.help}\n${exitCodes}`)
    return exitCode.ok
  }
  return await command.run(args)
}

/** What was probably meant, for a word that is wrong by a letter or two. */
function nearest(word: string): string {
  const meant = closest(word, Object.keys(commands))
  return distance(word, meant) <= 2 ? ` Did you mean "balai ${meant}"?` : ''
}

/** What went wrong, for the person at the terminal; a fault of ours with its trace. */
function explain(error: unknown): number {
  if (error instanceof AppError && error.kind !== 'internal') {
    process.stderr.write(`${forTerminal(error.message)}\n`)
    return error.code === 'config' ||
      error.code.startsWith('store.') ||
      error.code.startsWith('journal.') ||
      error.code === 'backup.other-village'
      ? exitCode.config
      : exitCode.failed
  }
  if ((error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) {
    // Without Node's advice on words that begin with a hyphen.
    const [said] = (error as Error).message.split('. To specify')
    process.stderr.write(`balai: ${said}\nWhat there is: balai ${process.argv[2]} --help\n`)
    return exitCode.usage
  }
  const trouble = describeMachineTrouble(error)
  if (trouble) {
    process.stderr.write(`balai: ${trouble}\n`)
    return exitCode.failed
  }
  process.stderr.write(`balai: internal error\n${(error as Error).stack ?? String(error)}\n`)
  return exitCode.internal
}

// Whoever reads only the beginning (`| head`) has what they wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

// What a command opened it has closed by now. Should something be left, the process ends all the same: a service manager
// would take one that hangs for one that works.
await endProcess(await main(process.argv.slice(2)).catch(explain))
