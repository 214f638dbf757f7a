import { spawn } from 'node:child_process'

/**
 * How this process tells systemd that its pages answer (`Type=notify`): by systemd's own tool, since Node has no datagram
 * sockets of the local kind, and what brings them compiles at installation. It waits until systemd has read it, or the
 * tool would be gone before systemd has seen whose it is. The address leaves the environment: tools that the box calls
 * (timedatectl, nmcli) would tell systemd of their own ends. Nothing is told where nobody asked.
 */
export function createNotifyReady(onFailure: (error: unknown) => void): () => void {
  const socket = process.env.NOTIFY_SOCKET
  delete process.env.NOTIFY_SOCKET
  return () => {
    if (!socket) return
    const child = spawn('systemd-notify', ['--ready'], {
      stdio: 'ignore',
      env: { ...process.env, NOTIFY_SOCKET: socket },
    })
    child.on('error', onFailure)
    child.on('exit', (code) => {
      if (code !== 0) onFailure(new Error(`systemd-notify ended with ${code}.`))
    })
    child.unref()
  }
}
