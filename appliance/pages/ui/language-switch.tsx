import { language, languages, setLanguage, t } from './messages.ts'
import './language-switch.css'

/** Every catalogue that exists, by its own name. */
export function LanguageSwitch({ keep }: { keep: 'remember' | 'for-now' }) {
  return (
    <fieldset class="languages">
      <legend class="unseen">{t('ui.language')}</legend>
      {languages().map(([code, name]) => (
        <button
          key={code}
          type="button"
          lang={code}
          aria-pressed={language.value === code}
          onClick={() => setLanguage(code, keep)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  )
}
