-- Grain: receipt_no
-- 含义：每份收到的文件一行：属于哪一类、哪一期，是否已读取。
-- Sources: the folder's period stands above the cover's; a cover that says another is refused.
with files as (
    select * from raw_files
)

select
    receipt_no,
    folder,
    form_code,
    layout,
    coalesce(folder_period, period) as period,
    reporting_unit_code,
    file_name,
    first_seen_at,
    outcome = 'read' as is_read
from files
order by receipt_no
