import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask } from '../../appliance/pages/ui/api.ts'
import { t } from '../../appliance/pages/ui/messages.ts'
import { initials } from '../../appliance/pages/ui/staff/initials.ts'
import { Row } from '../../appliance/pages/ui/staff/row.tsx'
import { Section } from '../../appliance/pages/ui/staff/section.tsx'
import type { Me } from '../../appliance/pages/ui/staff/session.ts'
import { useSubmit } from '../../appliance/pages/ui/staff/submit.ts'
import { StateLine } from '../../appliance/pages/ui/state-line.tsx'
import { AddForm, CloseForm, FactorForm, PinForm, RoleForm } from './account-forms.tsx'
import type { AccountsView } from './accounts-view.ts'

/** Who may open the console. Oneself is changed by another administrator, or in one's own menu. */
export function Accounts({ me, shown }: { me: Me; shown: boolean }) {
  const accounts = useSignal<AccountsView['accounts'] | null>(null)
  const { submit, problemOf } = useSubmit()

  const load = () =>
    submit(async () => {
      accounts.value = (await ask<AccountsView>('GET', '/api/accounts')).accounts
    })
  useEffect(() => {
    if (shown) void load()
  }, [shown])

  const after = (close: () => void) => () => {
    close()
    void load()
  }
  return (
    <>
      {problemOf(null) && <StateLine kind="error">{problemOf(null)}</StateLine>}
      {accounts.value && (
        <Section
          title={t('hub.part-accounts')}
          what={t('hub.accounts-what')}
          add={t('hub.add-account')}
          form={(close) => <AddForm saved={after(close)} close={close} />}
          empty={null}
        >
          {accounts.value.map((one) => (
            <Row
              key={one.account}
              badge={initials(one.name)}
              title={one.name}
              what={[
                t(`staff.role-${one.role}`),
                ...(one.secondFactor ? [t('hub.has-factor')] : []),
                ...(one.account === me.account ? [t('hub.account-you')] : []),
              ].join(' · ')}
              closed={null}
              forms={
                one.account === me.account
                  ? []
                  : [
                      {
                        label: t('hub.change-role'),
                        form: (close) => <RoleForm of={one} saved={after(close)} close={close} />,
                      },
                      {
                        label: t('staff.new-pin'),
                        form: (close) => <PinForm of={one} saved={after(close)} close={close} />,
                      },
                      ...(one.secondFactor
                        ? [
                            {
                              label: t('hub.factor-drop'),
                              form: (close: () => void) => <FactorForm of={one} saved={after(close)} close={close} />,
                            },
                          ]
                        : []),
                      {
                        label: t('hub.close-account'),
                        form: (close) => <CloseForm of={one} saved={after(close)} close={close} />,
                      },
                    ]
              }
              actions={[]}
            />
          ))}
        </Section>
      )}
    </>
  )
}
