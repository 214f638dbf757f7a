import type { ChildProcess } from 'node:child_process'

/** Whatever ends this process ends the child as well. */
export function tie<Child extends ChildProcess>(child: Child): Child {
  const leave = () => child.kill('SIGKILL')
  process.once('exit', leave)
  child.once('exit', () => process.off('exit', leave))
  return child
}

/** Ends it politely, after five seconds not so; done when it is gone. */
export function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => child.kill('SIGKILL'), 5_000)
    child.once('exit', () => {
      clearTimeout(giveUp)
      resolve()
    })
    child.kill()
  })
}
