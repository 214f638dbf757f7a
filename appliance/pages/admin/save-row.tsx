import { t } from '../ui/messages.ts'

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
      {problem && (
        <p class="wrong" role="alert">
          {problem}
        </p>
      )}
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
