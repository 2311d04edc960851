# Makes frame.csv, sample.csv and expected.csv from R's own example data: Rscript make.R
# Packages: survey (data sets api: Academic Performance Index, California, 2000, all 6,194 schools
# and a stratified sample of 200). Written by R, read by tests/sql and tests/orchestration.
#
# Strata are school types; schools of 3,000 pupils and more are a stratum of their own, all asked,
# and one school of each type stands alone in a stratum of 1 of 25. y is the number of pupils
# (enroll), x the number tested (api.stu); ratio groups are school types, domains counties.
suppressMessages(library(survey))
options(digits = 17)
data(api)
level <- 0.95

type <- as.character(apipop$stype)
large <- !is.na(apipop$enroll) & apipop$enroll >= 3000
stratum <- ifelse(large, "L", type)
sampled <- apipop$snum %in% apistrat$snum | large
alone <- c(E = 1, H = 1, M = 1)
for (code in names(alone)) {
  members <- which(type == code & !large & !is.na(apipop$enroll))
  chosen <- members[sampled[members]][1]
  others <- members[!sampled[members]][1:24]
  stratum[c(chosen, others)] <- paste0(code, "1")
}
frame <- data.frame(
  unit_id = apipop$snum, stratum = stratum, x = apipop$api.stu, group = type,
  county = gsub(" ", "_", as.character(apipop$cname)),
  collapse_into = ifelse(nchar(stratum) == 2, substr(stratum, 1, 1), "")
)
sample <- data.frame(unit_id = apipop$snum, y = apipop$enroll)[sampled, ]
write.csv(frame, "frame.csv", row.names = FALSE, quote = FALSE)
write.csv(sample, "sample.csv", row.names = FALSE, quote = FALSE)

results <- list()
keep <- function(case, county, n, estimate, se, df) {
  t <- qt(1 - (1 - level) / 2, df)
  results[[length(results) + 1]] <<- data.frame(
    case, county, n_respondents = n, estimate = as.numeric(estimate), standard_error = as.numeric(se)
  )
}

units <- merge(sample, frame, by = "unit_id")
sizes <- table(frame$stratum)
collapsed_frame <- ifelse(frame$collapse_into == "", frame$stratum, frame$collapse_into)
collapsed <- ifelse(units$collapse_into == "", units$stratum, units$collapse_into)
counties <- sort(unique(frame$county))
n_in <- table(factor(units$county, counties))

estimates <- function(case, strata, frame_strata, lonely) {
  options(survey.lonely.psu = lonely)
  units$strata <- strata
  units$size <- as.numeric(table(frame_strata)[strata])
  design <- svydesign(id = ~1, strata = ~strata, fpc = ~size, data = units)
  weight <- weights(design)
  one <- function(method, d) {
    total <- svytotal(~y, d)
    keep(paste(case, method), "", nrow(units), coef(total), SE(total), degf(d))
    by <- svyby(~y, ~county, d, svytotal)
    for (i in seq_len(nrow(by))) {
      county <- as.character(by$county[i])
      keep(paste(case, method), county, n_in[[county]], by$y[i], by$se[i], degf(d))
    }
  }
  one("expansion", design)
  one("combined-ratio", calibrate(design, ~ x - 1, sum(frame$x), variance = 1))
  by_group <- tapply(frame$x, frame$group, sum)
  names(by_group) <- paste0("group", names(by_group), ":x")
  one("separate-ratio", calibrate(design, ~ group:x - 1, by_group, variance = rep(1, length(by_group))))
  # Domain GREG: a ratio model in each group, totals of the frame in each domain.
  X <- tapply(frame$x, frame$group, sum)
  Xhat <- tapply(weight * units$x, units$group, sum)
  B <- tapply(weight * units$y, units$group, sum) / Xhat
  e <- units$y - B[units$group] * units$x
  for (county in c("", counties)) {
    d <- as.numeric(county == "" | units$county == county)
    inside <- county == "" | frame$county == county
    Xd <- tapply(frame$x * inside, frame$group, sum)
    Xdhat <- tapply(weight * units$x * d, units$group, sum)
    design$variables$z <- (d + ((Xd - Xdhat) / Xhat)[units$group]) * e
    estimate <- sum(B * Xd) + sum(weight * d * e)
    keep(paste(case, "greg"), county, sum(d), estimate, SE(svytotal(~z, design)), degf(design))
  }
}
estimates("collapse", collapsed, collapsed_frame, "fail")
for (lonely in c("remove", "average", "adjust")) estimates(lonely, units$stratum, frame$stratum, lonely)
expected <- do.call(rbind, results)
expected <- cbind(do.call(rbind, strsplit(expected$case, " ")), expected[, -1])
names(expected)[1:2] <- c("lonely", "method")
expected$estimate <- sprintf("%.17g", expected$estimate)
expected$standard_error <- sprintf("%.17g", expected$standard_error)
write.csv(expected, "expected.csv", row.names = FALSE, quote = FALSE)
