#ifdef __cplusplus
extern "C" {
#endif
int cte_placeholder(void);
#ifdef __cplusplus
}
#endif
