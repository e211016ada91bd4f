# 满意 Manyi: every command of the project. The work is done by tools/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test check bench lock format screenshots clean

BIN := .venv/bin
# Files in their order: those of a single test come last else, and the longest test of all is one of them.
# Two workers suit the smallest machine (three took as long on two cores); `make test WORKERS=0` runs without any.
WORKERS ?= 2
SUITE = CHROMIUM="$$(tools/chromium)" && export CHROMIUM && \
	exec $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)
COMPILE = $(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-emit-trusted-host --allow-unsafe --strip-extras --no-annotate $(UPGRADE)

help: ## 列出各命令 | List these commands
	@sed -nE 's/^([a-z]+):.*## (.*) \| (.*)/make \1|\2|\3/p' Makefile | \
		while IFS='|' read -r name zh en; do printf '%-18s%s\n%-18s%s\n' "$$name" "$$zh" "" "$$en"; done

run: ## 启动（首次自动安装并载入示例项目） | Start, with the sample project; installs itself the first time
	@tools/environment run
	@exec $(BIN)/manyi serve --with-demo

test: ## 运行全部测试（含真实浏览器） | Run every test, a real browser included
	@tools/environment dev
	@$(SUITE)

check: ## 检查格式、规范、类型，再运行全部测试 | Format, lint, types, then every test
	@tools/environment dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	@$(SUITE)

bench: ## 测量速度（与 pandas、orjson 同机对比） | Measure speed against pandas and orjson on this machine
	@tools/environment dev
	@CHROMIUM="$$(tools/chromium)" && export CHROMIUM && exec $(BIN)/python -m benchmarks $(ARGS)

lock: ## 重新锁定依赖（UPGRADE=--upgrade 则升级） | Lock the dependencies anew (UPGRADE=--upgrade to move them)
	@tools/environment dev
	$(COMPILE) --output-file requirements/run.txt requirements/run.in
	$(COMPILE) --output-file requirements/postgres.txt requirements/postgres.in
	$(COMPILE) --output-file requirements/dev.txt requirements/dev.in

format: ## 整理代码格式 | Format the code
	@tools/environment dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

screenshots: ## 从运行中的程序生成文档截图 | Make the screenshots of the documents from the running product
	@tools/environment dev
	@CHROMIUM="$$(tools/chromium)" && export CHROMIUM && exec $(BIN)/python -m tools.screenshots

clean: ## 删除可重新生成的文件，保留 instance/ 中的数据 | Remove what can be made again; the data in instance/ stays
	rm -rf .venv .cache build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find app/translations -name '*.mo' -delete
