"""The hrstats command: what people type, and the sentences they read in return.

Each command calls the rooms that know how and says what was written and what to do next. Rooms are
imported inside the commands, so that `hrstats --help` answers at once. Nothing is computed here.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from pipelines.root import PROJECT, Root, find_root

if TYPE_CHECKING:
    from decimal import Decimal
    from io import TextIOWrapper

    from rich.console import Console
    from rich.table import Table

    from pipelines.catalog.models import EstimationMethod
    from pipelines.orchestration.estimating import LonelyStrata
    from pipelines.orchestration.run import RunOutcome, Tell
    from pipelines.warehouse.comparing import Comparison

LEAST_WIDTH = 120  # columns where the output goes to a file
MOST_ROWS = 200  # of a query's answer that are shown
MOST_LINES = 20  # of each list that `status` shows
UNHEARD = 141  # the exit code of a command whose reader went away
STATUS_HEADINGS = (
    "报送单位",
    "抽中",
    "不在范围",
    "应报",
    "已收",
    "已采用",
    "截数前",
    "逾期",
    "退回",
    "未报",
    "报送率",
    "加权",
)
RETURN_HEADINGS = ("层", "名录机构", "不在范围", "应报", "已报", "未报", "报送率")
FILE = click.Path(path_type=Path)
LEAST_CELL = 12  # columns of the terminal that a cell needs to be readable
LISTS = (
    "register",
    "register_events",
    "sample",
    "annual_return",
    "platform_report",
    "ledger",
    "corrections",
    "published_figures",
)
MAKE_THEIR_ROOT = ("demo", "synth")
KINDS = ("register", "sample", "roll", "single", "annual", "ledger", "platform", "hostile")
HEADINGS = {"Options": "选项", "Commands": "命令"}
logger = logging.getLogger("pipelines")


class _Help(click.HelpFormatter):
    """Help with Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how the command is called."""
        super().write_usage(prog, args, "用法：")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        super().write_heading(HEADINGS.get(heading, heading))


class _Context(click.Context):
    """A context whose help is Chinese."""

    formatter_class = _Help


class _MistypedError(click.UsageError):
    """A mistake in typing whose message is already Chinese."""


class _Command(click.Command):
    """A command with Chinese help."""

    context_class = _Context

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **{"options_metavar": "[选项]", **settings})

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; what is too much is named in Chinese."""
        is_group = isinstance(self, click.Group)
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest and not is_group:
            raise _MistypedError(f"多写了“{' '.join(rest)}”", ctx)
        return rest

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option --help."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这段说明。"
        return option


class _RequiredOption(click.Option):
    """An option that must be written."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **{"required": True, **settings})

    def get_help_extra(self, ctx: click.Context) -> Any:
        """Return what stands behind the help."""
        return {**super().get_help_extra(ctx), "required": "必写"}


class _Commands(_Command, click.Group):
    """Commands under one name."""

    command_class = _Command

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **{"subcommand_metavar": "命令 …", **settings})


class _Group(_Commands):
    """All commands; whatever goes wrong in one ends as one Chinese sentence."""

    group_class = _Commands

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; the traceback of an error goes to the log of the root only."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            root = find_root(ctx.params["folder"])
            is_ours = type(error).__module__.startswith("pipelines.")
            if root.state.exists() or not is_ours:  # a mistake leaves nothing in a new root
                logger.error("hrstats %s", " ".join(sys.argv[1:]), exc_info=error)
            raise click.ClickException(
                str(error)
                if is_ours
                else _file_sentence(error)
                if isinstance(error, OSError) and error.filename is not None
                else f"出现意外错误（{type(error).__name__}），没有完成；"
                f"请把 {_shown(root.state / 'hrstats.log')} 发给系统维护人员。"
            ) from error


def main() -> None:
    """Run the command that was typed and leave with its exit code."""
    code = run_command(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = UNHEARD
    if code == UNHEARD:  # what is still to be written goes nowhere, or Python complains at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run_command(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code: 0 when nothing is wrong, 2 when it was mistyped."""
    try:
        return hrstats.main(list(arguments), "hrstats", standalone_mode=False) or 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.UsageError as error:
        click.echo(_usage_sentence(error), err=True)
        return 2
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        return 1
    except (BrokenPipeError, SystemExit):  # click's exit: the reader, such as `head`, went away
        return UNHEARD
    except click.Abort:
        click.echo("已中断，没有完成；重新运行即可，已发布的数据不受影响。", err=True)
        return 130


@click.group(
    cls=_Group,
    help="人力资源服务业统计：收进 Excel 报表，发布数据，生成快报简报。",
)
@click.option(
    "--root",
    "folder",
    metavar="DIR",
    help="数据目录（其中有 data 和 reports）；不写时取 HRSTATS_ROOT，再不然就是程序所在目录。",
)
@click.pass_context
def hrstats(ctx: click.Context, folder: str | None) -> None:
    """Find the root for every command."""
    ctx.obj = find_root(folder)
    path = ctx.obj.path
    if path.exists() and not path.is_dir():
        raise click.ClickException(f"数据目录 {_shown(path)} 是文件，请改写为文件夹。")
    if not path.exists() and ctx.invoked_subcommand not in MAKE_THEIR_ROOT:
        raise click.ClickException(
            f"没有数据目录 {_shown(path)}，请核对 --root 或 HRSTATS_ROOT 的写法，或先建立该文件夹。"
        )
    _start_log(ctx.obj)


@hrstats.command(help="用模拟数据走一遍全过程，写在 demo 文件夹。")
@click.pass_context
def demo(ctx: click.Context) -> None:
    """Make the demo's root anew, run it, and show the headline targets."""
    from pipelines.orchestration.demo import make_demo

    folder = ctx.find_root().params["folder"]
    console = _console()
    with _progress(console) as tell:
        root, outcome = make_demo(Path(folder).resolve() if folder else PROJECT / "demo", tell)
    _say_what_was_written(root, outcome)
    _print_headline(console, root)
    click.echo(f"下一步：{_call(root, 'status')} 查看谁已报、谁被退回、谁未报。")


@hrstats.command(
    help="造一个模拟行业，把各单位会报送的报表放进数据目录并登记收件；真值另存 truth 文件夹。"
)
@click.option("--seed", type=int, metavar="N", help="随机种子；同一种子得到同样的报表。")
@click.option(
    "--from", "first", metavar="MONTH", help="从哪个月起，2023-01 至 2025-12；不写则为 2024-01。"
)
@click.option("--to", "last", metavar="MONTH", help="到哪个月止，不能是1月；不写则为 2025-06。")
@click.option(
    "--agencies",
    "size",
    type=click.IntRange(3_500, 350_000),
    metavar="N",
    help="2025年末约有多少家机构，3500 至 350000；不写则为 3760。",
)
@click.option(
    "--dirtiness",
    type=float,
    metavar="X",
    help="差错率的倍数：0 为没有差错，1 为平常水平，最大 8。",
)
@click.option(
    "--random-response",
    is_flag=True,
    help="未报与增长无关；不写则收入下降的机构少报 5 个百分点。",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="KIND",
    type=click.Choice(KINDS),
    help=f"只造这些报表（已公布数据总在内），可写多次：{'、'.join(KINDS)}。",
)
@click.pass_context
def synth(ctx: click.Context, /, **asked: Any) -> None:
    """Make a root of made-up workbooks and receive them, without running the job."""
    from pipelines.orchestration.synthesis import plan_of, synthesize

    folder = ctx.find_root().params["folder"]
    if folder is None:
        raise click.ClickException("请用 --root 写明放到哪个文件夹，如 hrstats --root 模拟 synth。")
    console = _console()
    plan = plan_of(**asked)
    with _progress(console) as tell:
        root, receipts = synthesize(Path(folder).resolve(), plan, tell)
    click.echo(f"模拟数据：报表 {len(receipts)} 份，位于 {_shown(root.inbox)}，已登记收件。")
    click.echo(f"真值（系统从不读取）：{_shown(root.path / 'truth')}")
    click.echo(f"下一步：{_call(root, 'run')} 读入、计算并发布。")


@hrstats.command(help="收进新报表，计算并发布；写明 2025-06 这样的报告期则只收该期。")
@click.argument("period", metavar="[报告期]", required=False)
@click.pass_obj
def run(root: Root, period: str | None) -> None:
    """Run the job for what is new."""
    from pipelines.orchestration.run import run as run_job

    console = _console()
    with _progress(console) as tell:
        outcome = run_job(root, period, tell=tell)
    _say_what_was_written(root, outcome, period)
    click.echo(f"下一步：{_call(root, 'status')} 查看谁已报、谁被退回、谁未报。")


@hrstats.command(
    help="查看报送情况：报送日历，各报送单位应报、已采用、逾期、退回、未报和报送率；"
    "写年份则为该年年报各层应报、已报、未报和不在范围的机构数。"
)
@click.argument("period", metavar="[报告期]", required=False)
@click.pass_obj
def status(root: Root, period: str | None) -> None:
    """Show who reported for a period, the newest month when none is given."""
    from pipelines.catalog.periods import is_year
    from pipelines.orchestration import published
    from pipelines.orchestration.last_run import months_to_run

    asked, period = period, published.checked_month_or_year(root, period)
    if months_to_run(root):
        call = _call(root, "run")
        click.echo(f"注意：有收到而没有发布的报表，以下是上次发布的情况；请先运行 {call}。")
    if is_year(period):
        _say_who_returned(root, period)
    else:
        _say_who_reported(root, period, asked)


def _say_who_reported(root: Root, period: str, asked: str | None) -> None:
    """Show who reported for a month, and all files where no month was asked for."""
    from pipelines.bulletin.findings import findings_path
    from pipelines.bulletin.words import percent
    from pipelines.catalog.load import load_catalog
    from pipelines.orchestration import published
    from pipelines.orchestration.months import calendar_sentence, dates_of, today

    console = _console()
    answer = published.ask(root, published.RESPONSE, period)
    table = _table(root, f"{period} 报送情况（家）")
    for heading in STATUS_HEADINGS:
        table.add_column(heading, justify="left" if heading == "报送单位" else "right")
    for unit, *counts, rate, weighted_rate in answer.rows:
        table.add_row(unit, *map(str, counts), percent(rate), percent(weighted_rate))
    click.echo(f"报送日历：{calendar_sentence(dates_of(load_catalog(), period), today())}")
    if not published.is_cut_off_applied(root, period):
        click.echo("该期在截数日以后才开始补录，不计逾期，报送率按全部已采用的计算。")
    console.print(table)
    click.echo("报送率：截数前采用的占应报的比重；加权报送率按机构全年收入计算。")
    _say_what_was_received(root, asked)
    _print_some("退回", published.refusals(root, period))
    _print_some("未报", published.missing_agencies(root, period))
    waiting, priority = published.to_review(root, period)
    if waiting:
        call = _call(
            root,
            f"query \"from mart_findings where period = '{period}' and is_priority "
            'order by score_rank"',
        )
        click.echo(
            f"待办问题：{waiting} 条，其中优先办理 {priority} 条（其余合计影响任一总量不到"
            f" {_remainder():f}%）；按先后查看：{call}"
        )
    findings, agencies = published.to_explain(root, period)
    if findings:
        click.echo(f"待说明：{agencies} 家机构的 {findings} 条核实性问题，见 {period} 的退回清单。")
    _say_how_far_reviewed(root, period)
    worked = findings_path(root, period)
    if worked.exists():
        click.echo(f"审核问题：{_shown(worked)}")
    call = _call(root, f"report {period}")
    click.echo(
        f"没有写入文件。下一步：{call} 写出简报、审核问题、退回清单和退回文件；"
        f"{_call(root, f'remind {period}')} 写出催报名单。"
    )


def _say_who_returned(root: Root, year: str) -> None:
    """Show how many agencies of each stratum sent the annual return of a year."""
    from pipelines.bulletin.words import percent
    from pipelines.orchestration import published

    answer = published.ask(root, published.ANNUAL_RESPONSE, year)
    table = _table(root, f"{year} 年报报送情况（家）")
    for heading in RETURN_HEADINGS:
        table.add_column(heading, justify="left" if heading == "层" else "right")
    for stratum, *counts, rate in answer.rows:
        table.add_row(stratum, *map(str, counts), percent(rate))
    _console().print(table)
    click.echo("报送率：已报占应报的比重；不在范围的，按其年报所填的运营状态。")
    _say_what_was_received(root, year)
    _say_how_far_reviewed(root, year)
    click.echo(
        f"没有写入文件。下一步：{_call(root, f'review {year}')} 写出审核表，请各单位审核和催报。"
    )


def _say_how_far_reviewed(root: Root, period: str) -> None:
    """Say how many agencies of a month or year each level has reviewed."""
    from pipelines.orchestration.published import review_progress

    district, city, locked, returned, unreviewed = review_progress(root, period)
    click.echo(
        f"审核：区县初审 {district} 家，市级复审 {city} 家，锁定 {locked} 家，退回 {returned} 家，"
        f"未审 {unreviewed} 家。"
    )


@hrstats.command(help="写出催报名单（Excel）和给各报送单位的催报通知（Word）：未报和退回的机构。")
@click.argument("period", metavar="报告期")
@click.pass_obj
def remind(root: Root, period: str) -> None:
    """Write who still owes the reports of a period."""
    from pipelines.orchestration.reminding import write_reminders

    reminders = write_reminders(root, period)
    click.echo(
        f"{period} 未报和退回的机构 {reminders.owing_count} 家：{_shown(reminders.list_path)}"
    )
    if not reminders.letter_paths:
        click.echo("下一步：应报机构已全部报来，不必催报。")
        return
    click.echo(
        f"催报通知：{len(reminders.letter_paths)} 份，位于 {_shown(reminders.list_path.parent)}"
    )
    click.echo("下一步：把通知补填日期后发给各报送单位，先催排在名单前面的。")


@hrstats.group(help="样本：把报表和通知发给抽中的机构。")
def sample() -> None:
    """Group what is done with the sample."""


@sample.command(help="写出通知：每个报送单位一个压缩包，内有通知（Word）和每家抽中机构预填的报表。")
@click.argument("period", metavar="报告期")
@click.pass_obj
def notice(root: Root, period: str) -> None:
    """Write what goes to the reporting units before a period is reported."""
    from pipelines.orchestration.notices import write_notices

    with _progress(_console()) as tell:
        notices = write_notices(root, period, tell)
    click.echo(
        f"通知：{len(notices.paths)} 个报送单位，预填报表 {notices.agency_count} 份，"
        f"位于 {_shown(notices.folder)}"
    )
    click.echo(
        "下一步：把通知补填日期后，连同压缩包发给各报送单位；"
        f"收回的报表放入 data/raw/reports/{period}，运行 {_call(root, 'run')}。"
    )


@hrstats.command("edit-ratios", help="查看与上期或上年同期之比偏离同类机构的数；年报写年份。")
@click.argument("period", metavar="[报告期]", required=False)
@click.pass_obj
def edit_ratios(root: Root, period: str | None) -> None:
    """Show the ratios of a period that stand out, with what is usual among the others."""
    from pipelines.orchestration.published import checked_month_or_year
    from pipelines.orchestration.ratios import find_outliers

    period = checked_month_or_year(root, period)
    outliers = find_outliers(root, period)
    headings = ["机构", "指标", "对照", "所报", "比值", "通常范围", "已列问题"]
    rows = [
        [one.agency, one.item, one.compared, one.value, f"{one.ratio:,.2f}", one.usual, one.asked]
        for one in outliers[:MOST_ROWS]
    ]
    click.echo(f"{period} 与以往之比偏离同类机构的数：{len(outliers)} 个。")
    if rows:
        _print_rows(_console(), root, headings, rows)
    if len(outliers) > MOST_ROWS:
        click.echo(f"只显示偏离最大的 {MOST_ROWS} 个。")
    call = _call(root, f"report {period}") if "-" in period else _call(root, "report")
    click.echo(f"没有写入文件。下一步：{call} 写出退回清单，请有关机构核对或说明。")


@hrstats.command(
    help="由抽样框和样本推算总量及其误差，适用于任何抽样调查；公式与本系统相同，见 README。"
    "抽样框每个单位一行：unit_id（单位）、stratum（层），按需要有 x（辅助变量）、group（比率组）、"
    "collapse_into（并入的层）和分组所用的列；样本每个答复单位一行：unit_id、y。"
)
@click.option(
    "--frame", "frame_path", cls=_RequiredOption, metavar="CSV", type=FILE, help="抽样框。"
)
@click.option(
    "--sample", "sample_path", cls=_RequiredOption, metavar="CSV", type=FILE, help="样本。"
)
@click.option(
    "--method",
    cls=_RequiredOption,
    type=click.Choice(["expansion", "combined-ratio", "separate-ratio", "greg"]),
    help="扩张、联合比率、分别比率或分组广义回归估计。",
)
@click.option("--by", metavar="列[,列]", default="", help="分组所用的列，用逗号隔开，可以交叉。")
@click.option(
    "--lonely",
    type=click.Choice(["collapse", "remove", "average", "adjust"]),
    default="collapse",
    help="只有一个单位答复的层：并层（默认）、不计方差、取各层平均方差、以零为中心计。",
)
@click.option("--out", cls=_RequiredOption, metavar="CSV", type=FILE, help="结果。")
def estimate(
    frame_path: Path,
    sample_path: Path,
    method: EstimationMethod,
    by: str,
    lonely: LonelyStrata,
    out: Path,
) -> None:
    """Estimate the total of anyone's survey from two files."""
    from pipelines.orchestration.estimating import estimate_survey

    columns = [column.strip() for column in by.split(",") if column.strip()]
    estimates = estimate_survey(frame_path, sample_path, method, columns, lonely)
    estimates.to_csv(out, index=False, encoding="utf-8-sig")
    click.echo(f"推算结果：{_shown(out)}（{len(estimates)} 行，第一行为总体）。")
    blank = int(estimates["estimate"].isna().sum())
    if blank:
        click.echo(f"有 {blank} 行推算不出：所在的层或分组没有单位答复，请并层或合并分组。")
    click.echo("下一步：用 Excel 打开结果，核对标准误差和置信区间。")


@hrstats.command(help="写出简报、审核问题、退回清单和退回文件；不写报告期则为最新一期。")
@click.argument("period", metavar="[报告期]", required=False)
@click.pass_obj
def report(root: Root, period: str | None) -> None:
    """Write the bulletin of a period, and all that goes back, from what is published."""
    from pipelines.orchestration import published
    from pipelines.orchestration.lock import writer_lock
    from pipelines.orchestration.returning import write_findings_workbooks, write_returns

    period = published.checked_period(root, period)
    with writer_lock(root):
        (bulletin,) = published.write_bulletins(root, [period])
        with published.published_findings(root) as connection:
            write_returns(root, connection)
            write_findings_workbooks(root, connection)
    click.echo(f"简报：{_shown(bulletin)}")
    _say_what_goes_back(root, period)
    click.echo("下一步：用浏览器打开简报；按审核问题从上往下处理，把退回文件发还有关单位。")


@hrstats.command(help="把上次运行的结果重新发布到 data/marts。")
@click.option(
    "--confirm",
    "is_confirmed",
    is_flag=True,
    help="核实性规则没有通过的，已逐项核实无误，照样发布；强制性规则不能这样跳过。",
)
@click.option("--name", metavar="NAME", help="与 --confirm 同写：谁核实的。")
@click.option("--reason", metavar="TEXT", help="与 --confirm 同写：为什么无误。")
@click.pass_obj
def publish(root: Root, is_confirmed: bool, name: str | None, reason: str | None) -> None:
    """Publish the warehouse as it is."""
    from pipelines.orchestration.publication import checked_confirmation, publish_again

    publication = publish_again(root, checked_confirmation(is_confirmed, name, reason))
    words = "已发布" if publication.is_new else "内容没有变化，未重新发布"
    click.echo(f"{words}：{publication.release_id}，位于 {_shown(root.marts)}。")
    click.echo(f"简报：{_shown(root.reports)}\n下一步：用浏览器打开最新的简报。")


@hrstats.command("release", help="签发一个报告期现有的数据和简报，成为正式发布的一版，不再改动。")
@click.argument("period", metavar="报告期")
@click.option("--prepared", metavar="NAME", help="编制人。")
@click.option("--reviewed", metavar="NAME", help="审核人，不能是编制人。")
@click.option(
    "--signed", metavar="NAME", multiple=True, help="签发人，不能是编制人；几人联签的写多次。"
)
@click.option("--reason", metavar="TEXT", help="该报告期已发布过时必写：为什么修订。")
@click.option("--dry-run", "is_dry", is_flag=True, help="只看与上一版相比会有哪些变化，不发布。")
@click.pass_obj
def sign_release(
    root: Root,
    period: str,
    prepared: str | None,
    reviewed: str | None,
    signed: Sequence[str],
    reason: str | None,
    is_dry: bool,
) -> None:
    """Sign what is published, or show what signing would change."""
    from pipelines.orchestration.releasing import checked_roles, preview, release, signed_of

    if is_dry:
        comparison = preview(root, period)
        if comparison is None:
            click.echo("还没有仍有效的正式发布，没有可比的上一版。")
        else:
            _print_comparison(root, comparison)
        why = " --reason 修订原因" if signed_of(root, period) else ""
        call = _call(root, f"release {period} --prepared 姓名 --reviewed 姓名 --signed 姓名{why}")
        click.echo(f"没有写入文件。下一步：{call} 签发。")
        return
    release_id = release(root, period, checked_roles(prepared, reviewed, signed), reason)
    click.echo(f"已正式发布：{release_id}，存档 {_shown(root.releases / release_id)} 不再改动。")
    click.echo(f"简报：{_shown(root.reports)}\n下一步：{_call(root, 'releases')} 查看各版。")


@hrstats.group(
    cls=_Commands,
    invoke_without_command=True,
    subcommand_metavar="[命令] …",
    help="查看、比较、复现、撤回各版发布；不写命令则列出各版。",
)
@click.pass_context
def releases(ctx: click.Context) -> None:
    """List the releases where no command is given."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_kept)


@releases.command("list", help="列出各版：编号、报告期、状态、签发。")
@click.pass_obj
def list_kept(root: Root) -> None:
    """List the releases."""
    from pipelines.orchestration.releasing import list_releases

    kept = list_releases(root)
    if kept:
        headings = ["发布编号", "报告期", "状态", "签发时间", "签发人", "说明"]
        _print_rows(_console(), root, headings, [one.cells() for one in kept])
    call = _call(root, "releases compare 甲版 乙版")
    click.echo(f"共 {len(kept)} 版。下一步：{call} 比较两版。")


@releases.command("compare", help="比较两版，甲版在前；编号可只写开头几位。")
@click.argument("older", metavar="甲版")
@click.argument("newer", metavar="乙版")
@click.pass_obj
def compare_kept(root: Root, older: str, newer: str) -> None:
    """Show what changed from one release to another."""
    from pipelines.orchestration.releasing import compare_releases, find_release

    comparison = compare_releases(root, find_release(root, older), find_release(root, newer))
    _print_comparison(root, comparison)
    click.echo(f"没有写入文件。下一步：明细见 {_shown(root.releases)} 中两版的 Parquet 文件。")


@releases.command("reproduce", help="只用该版的收件、决定、目录和规则重算一遍，与存档逐行比较。")
@click.argument("asked", metavar="发布编号")
@click.pass_obj
def reproduce_kept(root: Root, asked: str) -> None:
    """Make a release once more and say whether it came out the same."""
    from pipelines.orchestration.reproducing import reproduce

    found = reproduce(root, asked)
    if not found.is_same_program:
        click.echo("注意：现在的程序与该版发布时的不同，目录和规则用的是该版的。")
    if found.differences:
        _print_some("不一致", [difference.sentence() for difference in found.differences])
        raise click.ClickException(
            f"{found.release_id} 没有完全复现：{found.tables} 张表中 {len(found.differences)} 张"
            "不一致；请把以上内容发给系统维护人员。"
        )
    click.echo(f"{found.release_id}：{found.tables} 张表完全一致。")
    click.echo("没有改动任何文件，不必再做什么。")


@releases.command("withdraw", help="撤回已发布的一版；不删除，回到仍有效的上一版。")
@click.argument("asked", metavar="发布编号")
@click.option("--name", metavar="NAME", default="", help="谁撤回。")
@click.option("--reason", metavar="TEXT", default="", help="为什么撤回，写在简报上。")
@click.pass_obj
def withdraw_kept(root: Root, asked: str, name: str, reason: str) -> None:
    """Withdraw a release."""
    from pipelines.orchestration.releasing import withdraw
    from pipelines.warehouse.release import current_release_id

    release_id = withdraw(root, asked, name, reason)
    click.echo(f"已撤回：{release_id}，存档仍在；现行数据：{current_release_id(root)}。")
    page = root.reports / "withdrawn" / f"bulletin-{release_id}.html"
    click.echo(f"标明撤回的简报：{_shown(page)}")
    click.echo(f"下一步：补收或更正报表后运行 {_call(root, 'run')}，再发布新的一版。")


@hrstats.command(
    help="列出人作出的决定：何人、何时、决定什么、为何；可只看一个报告期（年报写年份）。"
)
@click.argument("period", metavar="[报告期]", required=False)
@click.pass_obj
def decisions(root: Root, period: str | None) -> None:
    """List what people decided."""
    from pipelines.orchestration.deciding import DECISION_HEADINGS, decision_rows

    rows = decision_rows(root, period)
    if rows:
        _print_rows(_console(), root, DECISION_HEADINGS, rows)
    click.echo(f"共 {len(rows)} 项决定，只增不改，记在 {_shown(root.decisions)}。")


@hrstats.command(
    help='查询已发布的数据，如 "from mart_response"；字段含义见 mart_data_dictionary。'
)
@click.argument("sql", metavar="SQL")
@click.pass_obj
def query(root: Root, sql: str) -> None:
    """Show what the published file answers; works while a run is going on."""
    from pipelines.orchestration.published import ask_for_user

    answer = ask_for_user(root, sql)
    rows = [
        ["" if value is None else str(value) for value in row] for row in answer.rows[:MOST_ROWS]
    ]
    _print_rows(_console(), root, answer.columns, rows)
    if len(answer.rows) > MOST_ROWS:
        click.echo(f"只显示前 {MOST_ROWS} 行；要看其余，请用 where 或 limit … offset … 分次查询。")
    call = _call(root, 'query "from mart_data_dictionary"')
    click.echo(f"共 {len(answer.rows)} 行。下一步：{call} 查看各表各字段的含义。")


@hrstats.command(help="制作报表模板：按报送单位的汇总表、一家机构的单表，或空白名录、年报和台账。")
@click.option("--period", metavar="PERIOD", help="报告期，如 2025-06；年报写年份；空表可以不写。")
@click.option("--unit", metavar="UNIT", help="只做一个报送单位的汇总表，如 渝中区；不写则全做。")
@click.option("--agency", metavar="CODE", help="做一家机构的单表：写统一社会信用代码。")
@click.option(
    "--form",
    "form_code",
    metavar="FORM",
    type=click.Choice(LISTS),
    help=f"空表：{'、'.join(LISTS)}。",
)
@click.option("--out", metavar="DIR", help="写到哪个文件夹；不写则为 reports/templates。")
@click.pass_obj
def template(
    root: Root,
    period: str | None,
    unit: str | None,
    agency: str | None,
    form_code: str | None,
    out: str | None,
) -> None:
    """Write the workbooks that people fill in."""
    from pipelines.orchestration import outgoing

    if sum(option is not None for option in (unit, agency, form_code)) > 1:
        raise click.ClickException("--unit、--agency、--form 只能写一个。")
    console = _console()
    folder = Path(out).resolve() if out else root.reports / "templates" / (period or "")
    with _progress(console) as tell:
        if form_code:
            paths = [outgoing.write_empty_list(root, form_code, period, folder)]
        elif agency:
            paths = [outgoing.write_agency_template(root, period, agency, folder)]
        else:
            paths = outgoing.write_roll_templates(root, period, unit, folder, tell)
    for path in paths:
        click.echo(f"已写入：{_shown(path)}")
    click.echo(f"下一步：发给填报单位；收回后放入 data/raw，运行 {_call(root, 'run')}。")


@hrstats.command(
    help="写出审核表：每个报送单位一份，供逐家审核；年报写年份，不写则为最新一期快报。"
)
@click.argument("period", metavar="[报告期]", required=False)
@click.option("--city", "is_of_city", is_flag=True, help="写一份全市的审核表，供市级复审。")
@click.pass_obj
def review(root: Root, period: str | None, is_of_city: bool) -> None:
    """Write the workbooks in which agencies' reports are reviewed."""
    from pipelines.orchestration.reviewing import write_reviews

    console = _console()
    with _progress(console) as tell:
        paths = write_reviews(root, period, is_of_city, tell)
    for path in paths:
        click.echo(f"审核表：{_shown(path)}")
    place = _shown(root.inbox / "review" / paths[0].parent.name)
    click.echo(
        f"共 {len(paths)} 份。下一步：发给审核人，填好并签名的放入 {place}，"
        f"运行 {_call(root, 'run')}；再次运行本命令会重写这些文件，请在副本上填写。"
    )


@hrstats.command(
    help="锁定一个报告期（如 2025-06；年报写年份）：以后收到的报送、审核和更正不再计入。"
)
@click.argument("period", metavar="报告期")
@click.option("--name", "person", metavar="NAME", prompt="锁定人", help="锁定人姓名。")
@click.option("--reason", metavar="REASON", prompt="锁定原因", help="锁定原因。")
@click.pass_obj
def lock(root: Root, period: str, person: str, reason: str) -> None:
    """Lock a period."""
    _decide_lock(root, "lock", period, person, reason)


@hrstats.command(help="解锁一个报告期：锁定后收到的报送、审核和更正从此计入。")
@click.argument("period", metavar="报告期")
@click.option("--name", "person", metavar="NAME", prompt="解锁人", help="解锁人姓名。")
@click.option("--reason", metavar="REASON", prompt="解锁原因", help="解锁原因。")
@click.pass_obj
def unlock(root: Root, period: str, person: str, reason: str) -> None:
    """Unlock a period."""
    _decide_lock(root, "unlock", period, person, reason)


def _decide_lock(
    root: Root, kind: Literal["lock", "unlock"], period: str, person: str, reason: str
) -> None:
    """Keep a lock or unlock and say so."""
    from pipelines.orchestration.last_run import files_waiting
    from pipelines.orchestration.reviewing import WORDS, decide_lock

    waiting = [each for each in files_waiting(root) if each.folder_period in (None, period)]
    decision = decide_lock(root, kind, period, person, reason)
    if kind == "lock" and waiting:
        click.echo(
            f"注意：还有 {len(waiting)} 份文件没有读入，其中锁定时还没有登记收件的不再计入 {period}"
            f"；如应计入，请先解锁，运行 {_call(root, 'run')} 后再锁定。"
        )
    click.echo(
        f"{period} 已{WORDS[kind]}（决定第 {decision.decision_no} 号，{decision.person}，"
        f"{decision.reason}）。下一步：{_call(root, 'run')} 重新计算并发布。"
    )


@hrstats.command(help="检查运行环境：程序、目录、文件夹、数据文件。")
@click.pass_obj
def doctor(root: Root) -> None:
    """Check everything a run needs."""
    from pipelines.orchestration.doctor import examine

    console = _console()
    table = _table(root, None)
    for heading in ("检查项", "结果", "说明"):
        table.add_column(heading, overflow="fold")
    is_well = True
    for check in examine(root):
        mark = "正常" if check.is_well else "缺少（可选）" if check.is_extra else "有问题"
        is_well &= check.is_well or check.is_extra
        table.add_row(check.name, mark, check.found)
    console.print(table)
    if not is_well:
        raise click.ClickException("有检查项不正常，请按说明处理后再运行 hrstats doctor。")
    click.echo(f"一切正常。下一步：把报表放入 data/raw，运行 {_call(root, 'run')}。")


def _remainder() -> Decimal:
    """Return below how many per cent the review of findings may stop."""
    from pipelines.catalog.load import load_catalog

    return load_catalog().editing.priority_remainder_pct


def _say_what_was_written(root: Root, outcome: RunOutcome, asked: str | None = None) -> None:
    """Say what a run found, what it refused, and where its results lie."""
    from pipelines.intake.inbox import inbox_periods
    from pipelines.orchestration.published import refused_arrivals
    from pipelines.warehouse.release import current_release_id

    newest = asked or "*"
    is_empty = asked is not None and asked not in inbox_periods(root)
    if is_empty:
        folder = _shown(root.inbox / "reports" / str(asked))
        click.echo(f"{folder} 中没有文件；请把 {asked} 的快报放入后再运行。")
    if outcome.months is None:
        click.echo("没有新的报表，目录和程序也没有变化，不必重新计算。")
    elif is_empty or not inbox_periods(root):
        click.echo(f"新收其他文件 {len(outcome.arrivals)} 份，已重新计算。")
    else:
        first, newest = outcome.months
        months = first if first == newest else f"{first} 至 {newest}"
        click.echo(f"新收文件 {len(outcome.arrivals)} 份，已读入 {months} 的报表并重新计算。")
    _say_what_was_received(root, asked)
    files, refused = refused_arrivals(root, [receipt.receipt_no for receipt in outcome.arrivals])
    if refused:
        click.echo(f"整份或部分退回 {files} 份文件，强制性问题 {len(refused)} 条：")
        _print_some("退回", refused)
    click.echo(f"发布编号：{current_release_id(root)}\n数据：{_shown(root.database)}")
    for path in sorted(root.reports.glob(f"bulletin-{newest}.html"))[-1:]:
        click.echo(f"简报：{_shown(path)}")
        newest = path.stem.removeprefix("bulletin-")
    _say_what_goes_back(root, newest)


def _say_what_was_received(root: Root, period: str | None) -> None:
    """Say how many files came, what became of them, and which entries are ignored and why."""
    from pipelines.orchestration.tally import tally_files

    tally = tally_files(root, period)
    click.echo(f"{period or '全部'}文件：{tally.sentence()}")
    _print_some("忽略", tally.ignored)


def _say_what_goes_back(root: Root, period: str) -> None:
    """Say where a period's findings and return list lie, and how many workbooks lie beside it."""
    from pipelines.bulletin.findings import findings_path

    worked = findings_path(root, period)
    if worked.exists():
        click.echo(f"审核问题：{_shown(worked)}")
    folder = root.reports / "returns" / period
    for path in folder.glob("*.xlsx"):
        click.echo(f"退回清单：{_shown(path)}")
    count = len(list(folder.glob("*/*.xlsx")))
    if count:
        click.echo(f"退回文件：{count} 份，按报送单位放在 {_shown(folder)}")


def _print_rows(
    console: Console, root: Root, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Show rows as a table, or field by field where the columns do not fit next to each other."""
    from rich.cells import cell_len

    width = 1 + 3 * len(columns)
    for number, column in enumerate(columns):
        widest = max((cell_len(row[number]) for row in rows), default=0)
        width += max(cell_len(column), min(widest, LEAST_CELL))
    table = _table(root, None)
    if width <= console.width:
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*row)
        console.print(table)
        return
    if table.title:
        click.echo(table.title)
    for number, row in enumerate(rows, 1):
        click.echo(f"──── 第 {number} 行 ────")
        for column, text in zip(columns, row, strict=True):
            click.echo(f"{column}: {text}")


def _print_comparison(root: Root, comparison: Comparison) -> None:
    """Show what differs between two releases, the largest changes of each kind first."""
    console = _console()
    click.echo(f"{comparison.older} → {comparison.newer}")
    method = "、".join(comparison.changed_method) or "没有变化"
    click.echo(
        f"新增收件 {comparison.new_receipts} 份，新增决定 {comparison.new_decisions} 项；"
        f"目录、规则和程序：{method}。"
    )
    for section in comparison.sections:
        if not section.is_comparable:
            click.echo(f"{section.name}：两版的表结构不同，不能比较。")
            continue
        click.echo(
            f"{section.name}：变化 {section.changed} 项，"
            f"新增 {section.added} 项，减少 {section.gone} 项。"
        )
        if section.rows:
            _print_rows(console, root, section.columns, section.rows[:MOST_LINES])
        if len(section.rows) > MOST_LINES:
            click.echo(f"只显示前 {MOST_LINES} 项，另有 {len(section.rows) - MOST_LINES} 项。")
    if comparison.is_same:
        click.echo("两版数据没有差别。")


def _print_some(what: str, lines: Sequence[str]) -> None:
    """Show the first lines of a list and how many more there are."""
    for line in lines[:MOST_LINES]:
        click.echo(f"{what}：{line}")
    if len(lines) > MOST_LINES:
        click.echo(f"{what}：另有 {len(lines) - MOST_LINES} 条。")


def _print_headline(console: Console, root: Root) -> None:
    """Show the targets of the current target year as of the newest period."""
    from pipelines.bulletin.marts import read_marts
    from pipelines.bulletin.targets import headline, read_progress
    from pipelines.bulletin.words import completion_text, is_met, period_name, verdict_text
    from pipelines.catalog.load import load_catalog
    from pipelines.orchestration.published import checked_period

    catalog = load_catalog()
    marts = read_marts(root, checked_period(root, None))
    chosen = headline(read_progress(marts, catalog), marts.period)
    year = chosen[0].row["target_period"]
    table = _table(root, f"{year}年政策目标，截至{period_name(marts.period, marts.period_type)}")
    level = f"{catalog.sampling.confidence_level:.0%}区间"
    for name in ("指标", "目标", f"实际/测算\n{level}", "完成率", "进度状态", "判定"):
        table.add_column(name, overflow="fold", no_wrap=name not in ("指标", "进度状态"))
    for progress in chosen:
        row, shown = progress.row, progress.shown
        table.add_row(
            progress.short_name,
            progress.target_text,
            f"{shown.amount(row['actual_value'])}\n{shown.interval(row['ci_low'], row['ci_high'])}",
            completion_text(row["completion_pct"], is_met(row)),
            row["schedule_status"] or "—",
            verdict_text(row),
        )
    console.print(table)


def _console() -> Console:
    """Return where to print; a file gets wide lines, so that tables are not folded."""
    from rich.console import Console

    class Printer(Console):
        """A console that leaves a reader's going away to `run_command`."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    console = Printer(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, LEAST_WIDTH)
    return console


def _table(root: Root, title: str | None) -> Table:
    """Return an empty table that says so when its data are made up."""
    from rich.table import Table

    from pipelines.orchestration.demo_root import is_made_up

    titles = [text for text in (title, "模拟数据" if is_made_up(root) else None) if text]
    return Table(title="　".join(titles) or None)


@contextmanager
def _progress(console: Console) -> Iterator[Tell]:
    """Show a bar for each stage that tells of its steps."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    columns = (TextColumn("{task.fields[stage]}"), BarColumn(), MofNCompleteColumn())
    text = TextColumn("{task.description}")
    stages: dict[str, TaskID] = {}
    is_hidden = not console.is_terminal
    with Progress(*columns, text, console=console, transient=True, disable=is_hidden) as progress:

        def tell(stage: str, step: str, steps: int) -> None:
            if stage not in stages:
                stages[stage] = progress.add_task("", total=steps, stage=stage)
            progress.update(stages[stage], advance=1, description=step)

        yield tell


def _shown(path: Path) -> str:
    """Return a path as it is short from where the command was typed."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _call(root: Root, command: str) -> str:
    """Return how to type a command for the same root."""
    option = "" if root == find_root() else f"--root {_shown(root.path)} "
    return f"hrstats {option}{command}"


def _file_sentence(error: OSError) -> str:
    """Return which file or folder could not be read or written."""
    return (
        f"不能读写 {_shown(Path(str(error.filename)))}，没有完成；"
        "请检查它是文件还是文件夹、有没有权限、磁盘是否已满。"
    )


def _usage_sentence(error: click.UsageError) -> str:
    """Return what was mistyped."""
    if isinstance(error, _MistypedError):
        fault = error.message
    elif isinstance(error, click.NoSuchCommand):
        fault = f"没有命令 {error.command_name}"
    elif isinstance(error, click.NoSuchOption):
        fault = f"没有选项 {error.option_name}"
    elif isinstance(error, click.MissingParameter) and error.param:
        is_option = isinstance(error.param, click.Option)
        name = error.param.make_metavar(error.ctx) if error.ctx and not is_option else ""
        fault = f"缺少选项 {error.param.opts[0]}" if is_option else f"缺少参数 {name}".rstrip()
    elif isinstance(error, click.BadParameter) and isinstance(error.param, click.Option):
        fault = f"选项 {error.param.opts[0]} 的值不对"
        if isinstance(error.param.type, click.Choice):
            fault += f"，可写 {'、'.join(map(str, error.param.type.choices))}"
    else:
        fault = "命令写法不对"
    return f"{fault}；请用 hrstats --help 或 hrstats 命令 --help 查看用法。"


class _Formatter(logging.Formatter):
    """Writes records, tracebacks too, as text that may be shown: nobody's personal numbers."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a text."""
        from pipelines.intake.shown_text import shown

        return shown(super().format(record))


class _LogFile(logging.FileHandler):
    """A log whose folder is made when there is something to write; it never fails a command."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record where that is possible."""
        with suppress(OSError):
            super().emit(record)

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()


def _start_log(root: Root) -> None:
    """Send warnings to the screen and the root's log, tracebacks to the log only."""
    for handler in logger.handlers[:]:
        logger.removeHandler(handler)
        handler.close()
    file = _LogFile(root.state / "hrstats.log", encoding="utf-8", delay=True)
    file.setFormatter(_Formatter("%(asctime)s %(name)s %(message)s"))
    screen = logging.StreamHandler()
    screen.setFormatter(_Formatter())
    screen.addFilter(lambda record: record.exc_info is None)
    logger.addHandler(file)
    logger.addHandler(screen)


if __name__ == "__main__":
    main()
