/** The outline of a page while its code or first data is on the way. */
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";

export function PageSkeleton() {
  const { t } = useTranslation();
  return (
    <div className="ht-page" role="status" aria-label={t("loading")}>
      <Skeleton active title={false} paragraph={{ rows: 1, width: 160 }} className="ht-skeleton-title" />
      <div className="ht-cards">
        {Array.from({ length: 4 }, (_, index) => (
          <div key={index} className="ht-card ht-stat">
            <Skeleton active title={false} paragraph={{ rows: 3, width: ["40%", "60%", "80%"] }} />
          </div>
        ))}
      </div>
      <div className="ht-card">
        <Skeleton active title={false} paragraph={{ rows: 9 }} />
      </div>
    </div>
  );
}
