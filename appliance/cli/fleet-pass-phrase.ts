import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { AppError } from '../base/errors.ts'
import { readTextFile } from '../base/text-file.ts'

const shortest = 12

/**
 * The pass phrase for files with certificates: from a file, or typed twice without being shown. Throws an AppError
 * (`config`) when it is shorter than 12 characters, differs the second time, or nobody can be asked.
 */
export async function askPassPhrase(file: string | undefined): Promise<string> {
  const given = file === undefined ? await ask() : readTextFile(file).trim()
  if (given.length < shortest)
    throw new AppError('invalid', 'config', `The pass phrase is too short; allowed: ${shortest} characters or more.`)
  return given
}

async function ask(): Promise<string> {
  if (!process.stdin.isTTY)
    throw new AppError('invalid', 'config', '--pass-phrase-file: is missing; allowed: a file with the pass phrase')
  // What is typed is not echoed: readline writes into nothing, the questions go out by themselves.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  const hear = async (question: string) => {
    process.stderr.write(question)
    const line = await terminal.question('')
    process.stderr.write('\n')
    return line.trim()
  }
  const first = await hear('Pass phrase (12 characters or more): ')
  const second = await hear('Once more: ')
  terminal.close()
  if (first !== second) throw new AppError('invalid', 'config', 'The two pass phrases differ; nothing was made.')
  return first
}
