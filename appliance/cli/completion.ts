import { exitCode } from '../base/errors.ts'
import { version } from '../base/version.ts'
import type { Command } from './command.ts'
import { commands } from './commands.ts'
import { actionsOf } from './usage.ts'

/** What shells and `man` know of the program: made from what `--help` prints, so that neither can differ from it. */
export const completion: Command = {
  summary: 'print the completion for bash, or the manual page',
  help: `balai completion bash|man

Prints what bash completes after "balai", or the manual page as man reads it.
The package installs both; by hand:

  balai completion bash | sudo tee /usr/share/bash-completion/completions/balai
  balai completion man | sudo tee /usr/share/man/man1/balai.1
`,
  async run([kind, ...more]) {
    if ((kind !== 'bash' && kind !== 'man') || more.length > 0) {
      process.stderr.write('balai completion: which one? balai completion bash, or balai completion man\n')
      return exitCode.usage
    }
    const all = await loadAll()
    process.stdout.write(kind === 'bash' ? writeBash(all) : writeManual(all))
    return exitCode.ok
  },
}

type Named = [name: string, command: Command]

const loadAll = (): Promise<Named[]> =>
  Promise.all(Object.entries(commands).map(async ([name, load]): Promise<Named> => [name, await load()]))

/** The words that may follow `balai <name>`, as its help has them: `issue`, `--folder`. */
function wordsOf([name, command]: Named): string[] {
  const actions = actionsOf(name, command)
  const options = [...command.help.matchAll(/--[a-z][a-z-]*/g)].map(([option]) => option)
  return [...new Set([...actions, ...options, '--help'])]
}

function writeBash(all: readonly Named[]): string {
  const cases = all.map((one) => `    ${one[0]}) words='${wordsOf(one).join(' ')}' ;;`).join('\n')
  return `# balai ${version}: bash completion, made by \`balai completion bash\`
_balai() {
  local words word=\${COMP_WORDS[COMP_CWORD]}
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${all.map(([name]) => name).join(' ')} --help --version'
  else
    case \${COMP_WORDS[1]} in
${cases}
    *) words='' ;;
    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _balai balai
`
}

function writeManual(all: readonly Named[]): string {
  const parts = all.flatMap(([name, { help }]) => [`.SS ${escapeRoff(name)}`, '.nf', escapeRoff(help.trimEnd()), '.fi'])
  return `${[
    `.TH BALAI 1 "" "balai ${version}" "Balai"`,
    '.SH NAME',
    'balai \\- queue, journal and relay of a village office',
    '.SH SYNOPSIS',
    '.B balai',
    '.I command',
    '[options]',
    '.SH COMMANDS',
    ...parts,
    '.SH SEE ALSO',
    '/usr/share/doc/balai/README.md',
  ].join('\n')}\n`
}

/** A backslash and a hyphen mean something to roff, and so does a full stop at the beginning of a line. */
const escapeRoff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^([.'])/gm, '\\&$1')
