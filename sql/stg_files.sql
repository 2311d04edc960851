-- Grain: receipt_no
-- 含义：每份收到的文件一行：属于哪一类、哪一期，是否已读取，被后来的哪份文件替代。
-- Sources: the folder's period stands above the cover's; a cover that says another is refused. A
--  file that is read takes the place of those before it: a register, sample or ledger of the same
--  period, else of the same name there; a returned workbook has our words before its own name.
with files as (
    select
        *,
        coalesce(folder_period, period) as file_period,
        outcome = 'read' as is_read,
        case
            when folder not in ('register', 'sample', 'ledger')
                then regexp_replace(file_name, '^((退回|核实)_[0-9]+_)+', '')
        end as own_name
    from raw_files
)

select
    receipt_no,
    folder,
    form_code,
    layout,
    file_period as period,
    reporting_unit_code,
    file_name,
    first_seen_at,
    is_read,
    min(case when is_read then receipt_no end) over (
        partition by folder, file_period, own_name
        order by receipt_no
        rows between 1 following and unbounded following
    ) as later_receipt_no
from files
order by receipt_no
