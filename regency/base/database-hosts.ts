/**
 * A connection string for each server that one names: `postgres://balai@db-1:5432,db-2:5432/balai`, as libpq writes it, names
 * two, in the order in which they are asked. `pg` knows one host only.
 */
export function hostsOf(url: string): [string, ...string[]] {
  const [, before = '', hosts = '', behind = ''] = /^(postgres(?:ql)?:\/\/(?:[^@/?]*@)?)([^/?]*)(.*)$/.exec(url) ?? []
  const [first, ...others] = hosts.split(',').map((host) => `${before}${host}${behind}`)
  return first === undefined || hosts === '' ? [url] : [first, ...others]
}

/** The same connection string with a password, whichever hosts it names. */
export function withPassword(url: string, password: string): string {
  if (password === '') return url
  return url.replace(/^(postgres(?:ql)?:\/\/[^@:/?]*)(?::[^@/?]*)?@/, `$1:${encodeURIComponent(password)}@`)
}
