/** What each role may do, as the modules contribute it. */
import { CheckOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import { useLanguage } from "../../i18n/useLanguage";
import { ErrorState } from "../../kit/ErrorState";
import { useRoles } from "./queries";
import { SettingsFrame, useMaySee } from "./SettingsFrame";

function Matrix() {
  const { t } = useTranslation(["settings", "common"]);
  const language = useLanguage();
  const { data, error, refetch, isFetching } = useRoles();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />;
  if (!data) return <Skeleton active title={false} paragraph={{ rows: 18 }} />;
  return (
    <>
      <dl className="ht-facts ht-card">
        {data.roles.map(({ role, label, description }) => (
          <div key={role} className="ht-fact">
            <dt>{label[language]}</dt>
            <dd>{description[language]}</dd>
          </div>
        ))}
      </dl>
      <h2 className="ht-set-title" id="matrix">{t("roles.matrix")}</h2>
      <div className="ht-matrix-frame" role="region" aria-labelledby="matrix" tabIndex={0}>
        <table className="ht-matrix">
          <thead>
            <tr>
              <th scope="col">{t("roles.permission")}</th>
              {data.roles.map(({ role, label }) => (
                <th key={role} scope="col">{label[language]}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.permissions.map(({ name, label }) => (
              <tr key={name}>
                <th scope="row" title={name}>{label[language]}</th>
                {data.roles.map(({ role, permissions }) => (
                  <td key={role}>
                    {permissions.includes(name) ? (
                      <>
                        <CheckOutlined aria-hidden />
                        <span className="ht-visually-hidden">{t("roles.yes")}</span>
                      </>
                    ) : (
                      <span className="ht-visually-hidden">{t("roles.no")}</span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

export function RolesPage() {
  const { t } = useTranslation(["settings", "common"]);
  const may = useMaySee("roles");
  return (
    <SettingsFrame section="roles" actions={<Link to="/settings/staff">{t("roles.toStaff")}</Link>}>
      {may ? <Matrix /> : null}
    </SettingsFrame>
  );
}
