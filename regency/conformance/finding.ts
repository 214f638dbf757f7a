/** What was tried of a rule of the contract. `wrong`: how it was broken; null: it holds. */
export type Finding = { rule: string; what: string; wrong: string | null }

/** Which rules hold and which do not, as each is known. */
export function createFindings(say: (finding: Finding) => void) {
  const findings: Finding[] = []
  return {
    findings,
    /** Answers whether it holds. */
    note(rule: string, what: string, wrong: string | null | false): boolean {
      const finding = { rule, what, wrong: wrong || null }
      findings.push(finding)
      say(finding)
      return finding.wrong === null
    },
  }
}
export type Findings = ReturnType<typeof createFindings>
