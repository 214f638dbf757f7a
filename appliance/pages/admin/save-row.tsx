import { t } from '../ui/messages.ts'
import { Problem } from '../ui/staff/problem.tsx'

type Props = {
  /** What is wrong with the whole form, if anything. */
  problem: string | undefined
  disabled: boolean
  saved: boolean
}

/** The end of a form that stays open: what is wrong, the button, and that it was saved. */
export function SaveRow({ problem, disabled, saved }: Props) {
  return (
    <>
      <Problem sentence={problem} />
      <div class="buttons">
        <button type="submit" class="button button-main" disabled={disabled}>
          {t('ui.save')}
        </button>
        <span role="status" class="quiet">
          {saved && t('admin.saved')}
        </span>
      </div>
    </>
  )
}
