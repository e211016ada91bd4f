"""Every heading and sentence of the charts, zh and en."""

from __future__ import annotations


def word(key: str, language: str = "zh", **details: object) -> str:
    """Raises KeyError for an unknown key."""
    return WORDS[key][0 if language.startswith("zh") else 1].format(**details)


WORDS: dict[str, tuple[str, str]] = {
    "simulated": ("【模拟数据】", "【模拟数据】"),
    "comma": ("、", ", "),
    "semicolon": ("；", "; "),
    "colon": ("：", ": "),
    "none_answered": (
        "没有人回答此题，所以没有图。",
        "Nobody answered this question, so there is no picture.",
    ),
    "no_options": ("此题没有选项，不能画成条形。", "This question has no options to draw."),
    "no_scales": ("没有已答的量表题，所以没有图。", "No scale question was answered yet."),
    "no_rows": ("没有可以比较的数值，所以没有图。", "There are no values to compare yet."),
    "no_days": ("还没有收到答卷，所以没有进度图。", "No response has arrived yet."),
    "overlapping": (
        "多选题各项之和可超过100%，不能画成100%堆积条形。",
        "The shares of a multiple choice may sum to over 100%: no stacked bars.",
    ),
    "many_options": (
        "选项太多，条形里分不清，请看表。",
        "Too many options to tell apart in a bar; see the table.",
    ),
    "index": ("满意度指数", "Satisfaction index"),
    "no_such_question": ("分组表中没有这道题。", "The groups do not have this question."),
    "option": ("选项", "Option"),
    "question": ("题目", "Question"),
    "group": ("分组", "Group"),
    "area": ("区域", "Area"),
    "count": ("份数", "Count"),
    "share": ("比例", "Share"),
    "base": ("应答基数", "Base"),
    "interval": ("95%区间", "95% interval"),
    "responses": ("答卷", "n"),
    "value": ("数值", "Value"),
    "day": ("日期", "Day"),
    "arrived": ("当日收到", "Arrived"),
    "together": ("累计", "Together"),
    "indicator": ("指标", "Indicator"),
    "points": ("分值", "Points"),
    "score": ("得分", "Score"),
    "rate": ("得分率", "Rate"),
    "total": ("总分", "Total"),
    "unscored": ("未计分", "not scored"),
    "not_answered": ("未填或未问", "Blank or not asked"),
    "n": ("n={n}", "n={n}"),
    "apart": ("单列", "apart"),
    "options_title": ("{question}", "{question}"),
    "options_note": (
        "应答基数{base}份；细线为95%置信区间，算法：{method}；只反映抽样偶然误差。",
        "Base {base}; the thin lines are 95% intervals ({method}), chance only.",
    ),
    "options_note_multiple": (
        "多选题，应答基数{base}份，比例合计可超过100%；细线为95%置信区间，算法：{method}；只反映抽样偶然误差。",
        "Multiple choice, base {base}, shares may sum to over 100%; the thin lines are 95% "
        "intervals ({method}), chance only.",
    ),
    "of_group": ("本组答卷{n}份，", "{n} responses in the group. "),
    "options_alt": (
        "条形图：{question}。应答基数{base}份，从高到低为{shown}。",
        "Bar chart: {question}. Base {base}; from high to low: {shown}.",
    ),
    "options_alt_scale": (
        "条形图：{question}。应答基数{base}份，各项为{shown}。",
        "Bar chart: {question}. Base {base}; the options: {shown}.",
    ),
    "more": ("等{n}项", " and others, {n} in all"),
    "item": ("{name}{share}", "{name} {share}"),
    "scales_title": ("各题评价分布", "How people judged"),
    "scales_note": (
        "每题以中线分开：右为量表较好的一半（如满意），左为较差的一半（如不满意），中间的一档和不清楚、拒答在右侧单列；"
        "比例均占应答基数n，各题长度可比。",
        "Right of the line stands the better half of the scale (such as satisfied), left of it the "
        "worse half; a middle step, don’t know (不清楚) and refused (拒答) stand apart on the "
        "right. All shares are of the base n and drawn to one scale.",
    ),
    "scales_best_first": (
        "各题以问卷中的第一个选项为最好。",
        " The first option of a question is taken as its best one.",
    ),
    "scales_worst_first": (
        "问卷注明选项由差到好的题，以最后一个选项为最好；其余的题以第一个为最好。",
        " Of questions whose options run from worst to best, as the questionnaire says, the last "
        "option is the best one, of all others the first.",
    ),
    "scales_alt": (
        "双向堆积条形图，{count}题。{shown}。",
        "Diverging stacked bars of {count} questions. {shown}.",
    ),
    "scales_item": (
        "{question}：{first}合计{share}（应答基数{base}）",
        "{question}: {first} together {share} (base {base})",
    ),
    "groups_title": ("{question}（按组）", "{question} (by group)"),
    "groups_note": (
        "每条为一组，长度为100%；n为该组应答基数。n小于30的组只供参考。",
        "Each bar is one group and 100% long; n is its base. Below n = 30 it is only a hint.",
    ),
    "crossed_note": (
        "每条为一列，长度为100%，是各行占该列的比例；n为应答基数。n小于30的只供参考。",
        "Each bar is a column of the table, 100% long, parted by its rows; n is its base. Below "
        "n = 30 it is only a hint.",
    ),
    "groups_alt": (
        "100%堆积条形图：{question}，{count}组。{shown}。",
        "100% stacked bars: {question}, {count} groups. {shown}.",
    ),
    "groups_item": (
        "{group}选“{option}”的占{share}（n={base}）",
        "{group}: {share} “{option}” (n={base})",
    ),
    "dots_note": (
        "点为估计值，线为95%置信区间；区间重叠的区域不宜分先后。空心点：n小于30，只供参考。",
        "Dots are estimates, lines 95% intervals; areas whose intervals overlap should not be "
        "ranked. Hollow dots: n below 30, only a hint.",
    ),
    "dots_overall": ("虚线为全部：{value}。", "The dashed line is all together: {value}. "),
    "dots_cut": ("只画前{most}个，共{count}个。", "The first {most} of {count} are drawn. "),
    "dots_alt": (
        "点图：{title}，{count}个。最高{high}，最低{low}。",
        "Dot plot: {title}, {count} of them. Highest {high}, lowest {low}.",
    ),
    "dots_part": ("{title}（{part}/{parts}）", "{title} ({part}/{parts})"),
    "progress_note": (
        "按收到日期（北京时间）累计，不含剔除。",
        "Added up by the day of receipt (China time), without those excluded.",
    ),
    "progress_plan": ("计划 {planned}", "Plan {planned}"),
    "progress_alt": (
        "折线图：{title}。{first}至{last}共收到{total}份。",
        "Line chart: {title}. {total} arrived from {first} to {last}.",
    ),
    "progress_alt_plan": (
        "折线图：{title}。{first}至{last}共收到{total}份，计划{planned}份，完成{share}。",
        "Line chart: {title}. {total} arrived from {first} to {last}, {planned} planned: {share}.",
    ),
    "scores_title": ("各级指标得分情况", "Scores of the indicators"),
    "scores_note": (
        "条形为得分占分值的比例（得分率），外框为满分；深色为一级指标，浅色为二级指标。",
        "A bar is the score as a share of the points, its frame all points; dark: first level, "
        "light: second level.",
    ),
    "scores_first_only": (
        "条形为得分占分值的比例（得分率），外框为满分；二级指标太多，只画一级指标。",
        "A bar is the score as a share of the points, its frame all points; first level only.",
    ),
    "scores_alt": (
        "条形图：各级指标得分率。{total}{shown}。",
        "Bar chart: rates of the indicators. {total}{shown}.",
    ),
    "scores_total": (
        "总得分{score}分，满分{points}分，得分率{rate}；",
        "Total {score} of {points} points, {rate}; ",
    ),
    "scores_item": ("{name}{score}／{points}分（{rate}）", "{name} {score}/{points} ({rate})"),
    "points_unit": ("分", " points"),
    "progress_title": ("采集进度（累计份数）", "Responses received, added up"),
    "share_and_count": ("{share}（{count}）", "{share} ({count})"),
    "of_points": ("{score}／{points}", "{score}/{points}"),
}
